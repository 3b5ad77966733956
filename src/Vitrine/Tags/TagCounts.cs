using System.Data.Common;
using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Tags;

/// <summary>
/// Tag → number of assets, in memory. What one commit changed is patched before anybody is told; what takes many assets away is read
/// again aside. Reloads alone: no other cache is touched by it.
/// </summary>
/// <remarks>Thread-safe; readers take no lock.</remarks>
public sealed class TagCounts : IDisposable
{
    private const string SelectSql = "SELECT id, name, category, assets FROM tags";

    private readonly Snapshot<TagTable> _table;
    private readonly IDisposable _subscription;

    public TagCounts(Database database, SnapshotUpkeep upkeep)
    {
        _table = new Snapshot<TagTable>(
            "tag counts",
            libraryId: null,
            _ => new TagTable(database.Read(connection => connection.Query($"{SelectSql} WHERE assets > 0", ReadTag))),
            table => table.Count,
            upkeep);
        _subscription = upkeep.Announcements.Subscribe(Hear);
    }

    public SnapshotStatistics Statistics => _table.Statistics;

    /// <summary>The tags whose names begin with a prefix, upper and lower case alike: those of most assets first, then by name; and how many there are.</summary>
    /// <exception cref="SnapshotLoadingException">The counts are being read for the first time, and that takes long.</exception>
    public (int Total, IReadOnlyList<TagCount> Tags) Find(string prefix, int limit) => _table.Read().Find(prefix, limit);

    /// <summary>Asks for all of it to be read again, aside.</summary>
    public void Reload() => _table.Reload();

    public void Dispose() => _subscription.Dispose();

    /// <summary>Puts in what a transaction left, right after its commit.</summary>
    internal void Patch(IReadOnlyList<TagCount> changed) => _table.Patch(table => table.With(changed));

    /// <summary>Tags as they stand in this transaction.</summary>
    internal static List<TagCount> Read(DbConnection connection, IEnumerable<long> ids) =>
        connection.Query($"{SelectSql} WHERE id IN {SqlIds.In(ids)}", ReadTag);

    private void Hear(Announcement announcement)
    {
        // Which tags removed assets had is gone with them; what another process counted is not known here.
        if (announcement is Announcement.AssetsRemoved or Announcement.LibraryReloaded or Announcement.TagsChanged { AreCounted: false })
            _table.Reload();
    }

    private static TagCount ReadTag(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3));
}
