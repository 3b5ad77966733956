namespace Vitrine.Libraries;

/// <summary>A named collection over one folder.</summary>
/// <param name="Id">Also the id of its counters.</param>
/// <param name="Name">For people; need not be unique.</param>
/// <param name="Path">The root: absolute, without a trailing slash, links resolved.</param>
/// <param name="IncludeHidden">Whether hidden and system files are taken in.</param>
/// <param name="Paused">Whether its background work is held.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="TaskGroupId">The newest task group.</param>
/// <param name="Offline">Since when its root cannot be used, and why; null while it can.</param>
/// <param name="Device">What the root lay on when it was last seen: see <see cref="RootDevice"/>; null where the system does not tell.</param>
/// <param name="Missing">Files that are gone and stay in the library until somebody confirms their removal.</param>
public sealed record Library(
    long Id,
    string Name,
    string Path,
    bool IncludeHidden,
    bool Paused,
    DateTimeOffset CreatedAt,
    long TaskGroupId,
    LibraryOffline? Offline = null,
    string? Device = null,
    long Missing = 0);
