namespace Vitrine.Images;

/// <summary>Identity of a file's content.</summary>
/// <param name="Sha256">32 bytes.</param>
/// <param name="Md5">16 bytes; what booru sites index by.</param>
/// <param name="Size">Bytes that were read and hashed.</param>
public sealed record FileIdentity(byte[] Sha256, byte[] Md5, long Size);
