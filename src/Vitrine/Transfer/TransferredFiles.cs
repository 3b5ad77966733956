namespace Vitrine.Transfer;

/// <summary>What became of thumbnails and previews.</summary>
/// <param name="Place">Where they are now.</param>
/// <param name="Copied">Files that were copied.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Present">Files that were there already.</param>
/// <param name="Missing">Contents whose thumbnail is not in the data folder: it is made again when somebody looks at it.</param>
public sealed record TransferredFiles(string Place, long Copied, long Bytes, long Present, long Missing);
