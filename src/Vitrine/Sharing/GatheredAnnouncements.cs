using Vitrine.Caching;

namespace Vitrine.Sharing;

/// <summary>What was announced within a moment, as fewer announcements that say the same.</summary>
internal static class GatheredAnnouncements
{
    /// <summary>
    /// Changed assets, and new vectors, of one library as one announcement each, behind what was told between them. Nothing passes what
    /// adds or removes assets or concerns a whole library.
    /// </summary>
    public static IReadOnlyList<Announcement> Join(IReadOnlyList<Announcement> announcements)
    {
        if (announcements.Count < 2)
            return announcements;
        var joined = new List<Announcement>();
        var changed = new Dictionary<long, HashSet<long>>();
        var embedded = new Dictionary<long, HashSet<long>>();
        foreach (var announcement in announcements)
        {
            switch (announcement)
            {
                case Announcement.AssetsChanged assets:
                    Of(changed, assets.LibraryId).UnionWith(assets.AssetIds);
                    break;
                case Announcement.VectorsChanged vectors:
                    Of(embedded, vectors.LibraryId).UnionWith(vectors.AssetIds);
                    break;
                case Announcement.TagsChanged or Announcement.JobChanged or Announcement.JobAsked:
                    joined.Add(announcement);
                    break;
                default:
                    Flush();
                    joined.Add(announcement);
                    break;
            }
        }

        Flush();
        return joined;

        void Flush()
        {
            joined.AddRange(changed.Select(library => new Announcement.AssetsChanged(library.Key, [.. library.Value])));
            joined.AddRange(embedded.Select(library => new Announcement.VectorsChanged(library.Key, [.. library.Value], AreLoaded: true)));
            changed.Clear();
            embedded.Clear();
        }
    }

    private static HashSet<long> Of(Dictionary<long, HashSet<long>> byLibrary, long libraryId)
    {
        if (!byLibrary.TryGetValue(libraryId, out var ids))
            byLibrary[libraryId] = ids = [];
        return ids;
    }
}
