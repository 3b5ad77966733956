namespace Vitrine.Caching;

/// <summary>Something that has been committed, told to everything that keeps a copy of it.</summary>
public abstract record Announcement
{
    private Announcement()
    {
    }

    /// <summary>New assets of a library, ids ascending and higher than any before.</summary>
    public sealed record AssetsAdded(long LibraryId, IReadOnlyList<long> AssetIds) : Announcement;

    /// <summary>Assets whose status or facts changed, in no order.</summary>
    public sealed record AssetsChanged(long LibraryId, IReadOnlyList<long> AssetIds) : Announcement;

    /// <summary>Assets that are gone, in no order.</summary>
    public sealed record AssetsRemoved(long LibraryId, IReadOnlyList<long> AssetIds) : Announcement;

    /// <summary>A library was added, renamed, paused, resumed, or its scan began or ended.</summary>
    public sealed record LibraryChanged(long LibraryId) : Announcement;

    /// <summary>Anything of a library may have changed: what other processes did was missed for a while.</summary>
    public sealed record LibraryReloaded(long LibraryId) : Announcement;

    /// <summary>A library was forgotten.</summary>
    public sealed record LibraryForgotten(long LibraryId) : Announcement;

    /// <summary>A named job began, told something new or ended.</summary>
    public sealed record JobChanged(string Name) : Announcement;

    /// <summary>Somebody asked a job that another process runs to end, to wait or to go on: its row says what.</summary>
    public sealed record JobAsked(string Name) : Announcement;

    /// <summary>Tags that assets got or lost.</summary>
    /// <param name="AreCounted">Whether this process's counts have it already; false when another process changed them.</param>
    public sealed record TagsChanged(IReadOnlyList<string> Names, bool AreCounted) : Announcement;

    /// <summary>Assets that have a new vector, in no order.</summary>
    /// <param name="AreLoaded">Whether this process's index has them already; false when another process embedded them.</param>
    public sealed record VectorsChanged(long LibraryId, IReadOnlyList<long> AssetIds, bool AreLoaded) : Announcement;

    /// <summary>A cache of this process was swapped: who reads it now finds this generation or a later one.</summary>
    /// <param name="LibraryId">Whose it is; null for everybody's.</param>
    public sealed record CacheChanged(string Name, long? LibraryId, long Generation) : Announcement;
}
