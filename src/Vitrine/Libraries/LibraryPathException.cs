namespace Vitrine.Libraries;

/// <summary>A path that cannot become a library; the message says why and what to do.</summary>
public sealed class LibraryPathException(string message) : Exception(message);
