using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Vitrine.Libraries;
using Vitrine.Progress;

namespace Vitrine.Server.Api;

/// <summary>A library with its progress.</summary>
/// <param name="LibraryId">Opaque.</param>
/// <param name="Path">The folder on the server's machine, links resolved.</param>
/// <param name="IncludeHidden">Whether hidden and system files are taken in.</param>
/// <param name="Paused">Whether its work is held.</param>
/// <param name="Skipped">Files and folders that its last scan did not take in; GET /api/failures lists them.</param>
/// <param name="Offline">Since when its folder cannot be used, and why; null while it can.</param>
/// <param name="Following">How it learns of changes in its folder.</param>
/// <param name="Missing">Files that are gone and stay until somebody confirms their removal.</param>
public sealed record LibraryItem(
    string LibraryId,
    string Name,
    string Path,
    bool IncludeHidden,
    bool Paused,
    DateTimeOffset CreatedAt,
    int Skipped,
    OfflineItem? Offline,
    long Missing,
    FollowingItem Following,
    ProgressItem Progress)
{
    /// <summary>Null for a library that is being forgotten: it has no progress any more.</summary>
    internal static LibraryItem? OfOrNull(Library library, LibraryStore libraries, ProgressBoard board, FollowedLibraries followed) =>
        board.SnapshotOrNull(library.Id) is not { } progress
            ? null
            : new LibraryItem(
                library.Id.ToString(),
                library.Name,
                library.Path,
                library.IncludeHidden,
                library.Paused,
                library.CreatedAt,
                libraries.Skipped(library.Id).Count,
                library.Offline is { } offline ? new OfflineItem(offline.Since, offline.Reason) : null,
                library.Missing,
                new FollowingItem(followed.Of(library.Id).Mode, followed.Of(library.Id).Note),
                ProgressItem.Of(progress));
}

/// <summary>A library whose folder is away: nothing is removed, and its work waits.</summary>
/// <param name="Reason">As the end of "The folder …".</param>
public sealed record OfflineItem(DateTimeOffset Since, string Reason);

/// <summary>How a library learns of changes in its folder.</summary>
/// <param name="Note">For people: why it is no better; null where nothing is wrong.</param>
public sealed record FollowingItem(FollowMode Mode, string? Note);

/// <summary>How to scan.</summary>
/// <param name="ConfirmRemoval">Remove files that are gone, however many they are; default: no.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScanOrder(bool? ConfirmRemoval = null);

/// <summary>A folder to add.</summary>
/// <param name="Path">Absolute, or under <c>~</c>.</param>
/// <param name="Name">Default: the folder's name.</param>
/// <param name="IncludeHidden">Whether hidden and system files are taken in; default: no.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewLibrary([property: Required] string? Path = null, string? Name = null, bool? IncludeHidden = null);

/// <summary>What to change of a library.</summary>
/// <param name="Name">1 to 255 characters on one line.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LibraryChange([property: Required] string? Name = null);

/// <summary>The answer to adding a folder.</summary>
/// <param name="TaskGroupId">The first scan and its work, to be followed at GET /api/progress/{id}. Opaque.</param>
/// <param name="Path">The folder, links resolved.</param>
/// <param name="Note">For people: that the folder lies in another library's, or holds one; null where it does not.</param>
public sealed record AddedLibrary(string LibraryId, string TaskGroupId, string Name, string Path, string? Note);

/// <summary>Which work was started or changed.</summary>
/// <param name="TaskGroupId">To be followed at GET /api/progress/{id}. Opaque.</param>
public sealed record LibraryWork(string LibraryId, string TaskGroupId);

/// <summary>A retry that was begun.</summary>
/// <param name="Retried">Failed assets that are put back to their stage.</param>
public sealed record RetryWork(string LibraryId, string TaskGroupId, long Retried);

/// <summary>All libraries, by name.</summary>
public sealed record LibraryList(IReadOnlyList<LibraryItem> Items);
