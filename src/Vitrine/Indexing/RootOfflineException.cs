namespace Vitrine.Indexing;

/// <summary>The folder of a library is not there, or is suddenly empty: nothing is removed, and the message says so.</summary>
public sealed class RootOfflineException(string root, string reason)
    : Exception($"The folder {root} {reason}. Nothing was removed. Bring the drive or folder back: the work goes on by itself.");
