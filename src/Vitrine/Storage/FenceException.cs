namespace Vitrine.Storage;

/// <summary>A file is not opened because of what it is or where it lies. The message says which, for people.</summary>
public sealed class FenceException(string message) : IOException(message);
