namespace Vitrine.Images;

/// <summary>Nothing can be kept now where thumbnails and previews are kept; it may be tried again. The message names no path: it goes to who asked for a picture.</summary>
public sealed class DerivedUnwritableException(string message, Exception inner) : IOException(message, inner);
