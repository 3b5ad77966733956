using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Work;

namespace Vitrine.Server.Live;

/// <summary>What one client has not been told yet: ids only, so that a thousand changes of one asset are one.</summary>
/// <remarks>Thread-safe. Hears on the writer's thread, is taken from the client's.</remarks>
internal sealed class PendingEvents(long? libraryId, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _assets = [];
    private readonly HashSet<long> _libraries = libraryId is { } id ? [id] : [];
    private readonly HashSet<string> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _caches = new(StringComparer.Ordinal);
    private readonly WorkSignal _heard = new(time);
    private HashSet<long> _seen = [];
    // Said once at the start, as the library itself: either may have changed between the client's first page and this socket.
    private bool _total = libraryId is not null;
    private bool _reload;

    /// <summary>
    /// The client's window; what is not in it is not sent. What came into it is sent once as it is: it may have changed between
    /// the client's reading and this report.
    /// </summary>
    public void Sees(IReadOnlyCollection<long> ids)
    {
        lock (_gate)
        {
            _assets.UnionWith(ids.Where(id => !_seen.Contains(id)));
            _seen = [.. ids];
        }

        _heard.Pulse();
    }

    public void Hear(Announcement announcement)
    {
        bool pending;
        lock (_gate)
        {
            Note(announcement);
            pending = HasAny;
        }

        if (pending)
            _heard.Pulse();
    }

    /// <summary>Returns when there is something to tell, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var next = _heard.Next;
        bool pending;
        lock (_gate)
            pending = HasAny;
        if (!pending)
            await _heard.WaitAsync(next, atMost, cancellationToken);
    }

    /// <summary>Reads the changed things as they are now and starts anew; a heartbeat when nothing changed.</summary>
    public EventMessage Take(LibraryStore libraries, AssetStore assets, BrowseIndex browse, ProgressBoard board, NamedJobs jobs, FollowedLibraries followed)
    {
        long[] assetIds, libraryIds;
        string[] jobNames, tags;
        CacheItem[] caches;
        bool total, reload, nothing;
        lock (_gate)
        {
            nothing = !HasAny;
            (assetIds, libraryIds, jobNames, total, reload) = ([.. _assets], [.. _libraries], [.. _jobs], _total, _reload);
            tags = [.. _tags];
            caches = [.. _caches.Select(cache => new CacheItem(cache.Key, cache.Value))];
            _assets.Clear();
            _tags.Clear();
            _caches.Clear();
            _libraries.Clear();
            _jobs.Clear();
            (_total, _reload) = (false, false);
        }

        var changed = libraryIds.Select(libraries.FindOrNull).OfType<Library>()
            .Select(library => LibraryItem.OfOrNull(library, libraries, board, followed)).OfType<LibraryItem>();
        return new EventMessage(
            libraryId?.ToString(),
            total && libraryId is { } id ? browse.Count(id) : null,
            reload ? true : null,
            assetIds.Length == 0 ? null : [.. assets.Find(assetIds).Select(AssetItem.Of)],
            libraryIds.Length == 0 ? null : [.. changed],
            jobNames.Length == 0 ? null : [.. jobNames.Select(jobs.FindOrNull).OfType<Job>().Select(job => JobItem.Of(job, time.GetUtcNow()))],
            tags.Length == 0 ? null : tags,
            caches.Length == 0 ? null : caches,
            nothing ? true : null);
    }

    private bool HasAny => _assets.Count > 0 || _libraries.Count > 0 || _jobs.Count > 0 || _tags.Count > 0 || _caches.Count > 0 || _total || _reload;

    private void Note(Announcement announcement)
    {
        switch (announcement)
        {
            case Announcement.AssetsAdded added when added.LibraryId == libraryId:
                _total = true;
                break;
            case Announcement.AssetsRemoved removed when removed.LibraryId == libraryId:
                (_total, _reload) = (true, true);
                break;
            case Announcement.AssetsChanged changed when changed.LibraryId == libraryId:
                _assets.UnionWith(changed.AssetIds.Where(_seen.Contains));
                break;
            case Announcement.LibraryChanged library:
                _libraries.Add(library.LibraryId);
                break;
            case Announcement.LibraryReloaded reloaded:
                _libraries.Add(reloaded.LibraryId);
                if (reloaded.LibraryId == libraryId)
                    (_total, _reload) = (true, true);
                break;
            case Announcement.LibraryForgotten:
                _reload = true;
                break;
            case Announcement.JobChanged job:
                _jobs.Add(job.Name);
                break;
            case Announcement.TagsChanged tags:
                _tags.UnionWith(tags.Names);
                break;
            case Announcement.CacheChanged cache when cache.LibraryId is null || libraryId is null || cache.LibraryId == libraryId:
                _caches[cache.Name] = cache.Generation;
                break;
        }
    }
}
