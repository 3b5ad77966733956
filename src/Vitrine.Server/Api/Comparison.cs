namespace Vitrine.Server.Api;

/// <summary>The folder that is imported two ways.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Files">Pictures and models in it.</param>
public sealed record ComparedFolder(string Path, int Files);

/// <summary>What one request that decoded everything found.</summary>
/// <param name="Files">Pictures and models that were read.</param>
/// <param name="Failed">How many of them could not be.</param>
/// <param name="Thumbnails">WebP, one for each file that has a picture.</param>
public sealed record ForegroundImport(int Files, int Failed, IReadOnlyList<byte[]> Thumbnails);
