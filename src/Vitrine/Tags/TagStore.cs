using System.Data.Common;
using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Tags;

/// <summary>The tags of assets in the database.</summary>
public sealed class TagStore(Database database, TagCounts counts, Announcements announcements)
{
    private const string AddSql = "INSERT INTO asset_tags (asset_id, tag_id, source) VALUES (@asset, @tag, @source) ON CONFLICT DO NOTHING";

    private const string RemoveSql = "DELETE FROM asset_tags WHERE asset_id = @asset AND tag_id = @tag AND source = @source";

    private const string MakeSql = "INSERT INTO tags (folded, name) VALUES (@folded, @name) ON CONFLICT (folded) DO UPDATE SET folded = excluded.folded RETURNING id";

    /// <summary>An asset's tags by name, each once; empty for an asset that is not there.</summary>
    public IReadOnlyList<AssetTag> OfAsset(long assetId) => database.Read(connection => OfAsset(connection, assetId));

    /// <summary>Gives an asset tags in a person's name; those it has already stay. Answers its tags, or null when there is no such asset.</summary>
    /// <param name="names">As <see cref="TagName.NormalizeOrNull"/> gives them.</param>
    public Task<IReadOnlyList<AssetTag>?> AddAsync(long assetId, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        EditAsync(assetId, transaction => names.Select(name => MadeId(transaction, name)).Where(tag => Change(transaction, AddSql, assetId, tag, TagSource.User)), cancellationToken);

    /// <summary>Takes a person's tag from an asset; what its file says stays. Answers its tags, or null when there is no such asset.</summary>
    public Task<IReadOnlyList<AssetTag>?> RemoveAsync(long assetId, string name, CancellationToken cancellationToken) =>
        EditAsync(
            assetId,
            transaction => transaction.Connection.QueryFirstOrDefault<long?>("SELECT id FROM tags WHERE folded = @folded", row => row.GetInt64(0), ("@folded", TagName.Fold(name))) is { } tag
                && Change(transaction, RemoveSql, assetId, tag, TagSource.User) ? [tag] : [],
            cancellationToken);

    /// <summary>Makes a file's keywords its tags of source <see cref="TagSource.File"/>, instead of those of an earlier reading.</summary>
    public void WriteFileTags(WriteTransaction transaction, long assetId, IReadOnlyList<string>? keywords)
    {
        var before = transaction.Prepare("SELECT tag_id FROM asset_tags WHERE asset_id = @asset AND source = 1").Set("@asset", assetId).Query(row => row.GetInt64(0));
        if (before.Count == 0 && keywords is not { Count: > 0 })
            return;
        var now = (keywords ?? []).Select(TagName.NormalizeOrNull).OfType<string>().Select(name => MadeId(transaction, name)).ToHashSet();
        List<long> changed =
        [
            .. now.Except(before).Where(tag => Change(transaction, AddSql, assetId, tag, TagSource.File)),
            .. before.Except(now).Where(tag => Change(transaction, RemoveSql, assetId, tag, TagSource.File)),
        ];
        TellAfterCommit(transaction, changed);
    }

    private Task<IReadOnlyList<AssetTag>?> EditAsync(long assetId, Func<WriteTransaction, IEnumerable<long>> edit, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                var connection = transaction.Connection;
                var library = connection.QueryNumber("SELECT library_id FROM assets WHERE id = @asset", ("@asset", assetId));
                if (library == 0)
                    return null;
                List<long> changed = [.. edit(transaction)];
                TellAfterCommit(transaction, changed);
                // An order may be narrowed to a tag, and a viewer shows them.
                if (changed.Count > 0)
                    transaction.AfterCommit(() => announcements.Announce(new Announcement.AssetsChanged(library, [assetId])));
                return OfAsset(connection, assetId);
            },
            WriteUrgency.Urgent,
            cancellationToken);

    private void TellAfterCommit(WriteTransaction transaction, List<long> changed)
    {
        if (changed.Count == 0)
            return;
        var rows = TagCounts.Read(transaction.Connection, changed);
        transaction.AfterCommit(() =>
        {
            counts.Patch(rows);
            announcements.Announce(new Announcement.TagsChanged([.. rows.Select(row => row.Name)], AreCounted: true));
        });
    }

    private static bool Change(WriteTransaction transaction, string sql, long assetId, long tagId, TagSource source) =>
        transaction.Prepare(sql).Set("@asset", assetId).Set("@tag", tagId).Set("@source", (int)source).ExecuteNonQuery() > 0;

    private static long MadeId(WriteTransaction transaction, string name) => (long)transaction.Prepare(MakeSql).Set("@folded", TagName.Fold(name)).Set("@name", name).ExecuteScalar()!;

    private static IReadOnlyList<AssetTag> OfAsset(DbConnection connection, long assetId) =>
    [
        .. connection.Query(
                """
                SELECT t.name, t.category, x.source FROM asset_tags x JOIN tags t ON t.id = x.tag_id
                WHERE x.asset_id = @asset ORDER BY t.folded, x.source
                """,
                row => (Name: row.GetString(0), Category: row.GetString(1), Source: (TagSource)row.GetInt32(2)),
                ("@asset", assetId))
            .GroupBy(row => (row.Name, row.Category), row => row.Source)
            .Select(tag => new AssetTag(tag.Key.Name, tag.Key.Category, [.. tag])),
    ];
}
