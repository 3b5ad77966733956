using System.Collections.Concurrent;
using Vitrine.Caching;

namespace Vitrine.Libraries;

/// <summary>How each library learns of changes at present, and why not better. Kept in memory: each start finds out anew.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class FollowedLibraries(Announcements announcements)
{
    private readonly ConcurrentDictionary<long, (FollowMode Mode, string? Note)> _libraries = new();

    private readonly ConcurrentDictionary<(long LibraryId, string? Note), bool> _told = new();

    /// <returns>The mode, and for people why it is no better; null where nothing is wrong.</returns>
    public (FollowMode Mode, string? Note) Of(long libraryId) => _libraries.GetValueOrDefault(libraryId);

    /// <summary>Whether this is told for the first time of this library since the program began: what is logged once asks so.</summary>
    public bool IsNews(long libraryId, string? note) => _told.TryAdd((libraryId, note), true);

    /// <returns>Whether it was otherwise before; then it has been announced.</returns>
    public bool Set(long libraryId, FollowMode mode, string? note = null)
    {
        if (Of(libraryId) == (mode, note))
            return false;
        _libraries[libraryId] = (mode, note);
        announcements.Announce(new Announcement.LibraryChanged(libraryId));
        return true;
    }
}
