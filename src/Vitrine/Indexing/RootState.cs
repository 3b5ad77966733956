namespace Vitrine.Indexing;

/// <summary>A library's root as it was found.</summary>
/// <param name="Trouble">Why it cannot be used, as the end of "The folder …"; null when it can.</param>
/// <param name="Device">What it lies on; null where the system does not tell.</param>
internal readonly record struct RootState(string? Trouble, string? Device)
{
    /// <summary>Which folder stands there now, whatever its name; zeros where the system does not tell.</summary>
    public (ulong Device, ulong Inode) Folder { get; init; }
}
