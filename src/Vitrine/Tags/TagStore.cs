using System.Data.Common;
using Vitrine.Caching;
using Vitrine.Storage;
using Vitrine.Unicode;

namespace Vitrine.Tags;

/// <summary>The tags of assets in the database.</summary>
public sealed class TagStore(Database database, TagCounts counts, Announcements announcements)
{
    private const string AddSql = "INSERT INTO asset_tags (asset_id, tag_id, source) VALUES (@asset, @tag, 0) ON CONFLICT DO NOTHING";

    private const string RemoveSql = "DELETE FROM asset_tags WHERE asset_id = @asset AND tag_id = @tag AND source = 0";

    private const string MakeSql = "INSERT INTO tags (folded, name) VALUES (@folded, @name) ON CONFLICT (folded) DO NOTHING";

    /// <summary>An asset's tags by name, each once; empty for an asset that is not there.</summary>
    public IReadOnlyList<AssetTag> OfAsset(long assetId) => database.Read(connection => OfAsset(connection, assetId));

    /// <summary>Gives an asset tags in a person's name; those it has already stay. Answers its tags, or null when there is no such asset.</summary>
    /// <param name="names">As <see cref="TagName.NormalizeOrNull"/> gives them.</param>
    public Task<IReadOnlyList<AssetTag>?> AddAsync(long assetId, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        EditAsync(assetId, transaction => MadeIds(transaction, names).Values.Where(tag => Change(transaction, AddSql, assetId, tag)), cancellationToken);

    /// <summary>Takes a person's tag from an asset; what its file says stays. Answers its tags, or null when there is no such asset.</summary>
    public Task<IReadOnlyList<AssetTag>?> RemoveAsync(long assetId, string name, CancellationToken cancellationToken) =>
        EditAsync(
            assetId,
            transaction => transaction.Connection.Query(
                    "SELECT id FROM tags WHERE folded IN (@folded, @decomposed)",
                    row => row.GetInt64(0),
                    ("@folded", TagName.Fold(name)), ("@decomposed", CanonicalForm.Decompose(TagName.Fold(name)))) // as an earlier version stored them
                .Where(tag => Change(transaction, RemoveSql, assetId, tag)),
            cancellationToken);

    /// <summary>Makes a file's keywords its tags of source <see cref="TagSource.File"/>, instead of those of an earlier reading; at the end of the work, for all files together.</summary>
    public void WriteFileTags(WriteTransaction transaction, long assetId, IReadOnlyList<string>? keywords) =>
        transaction.Together<(long, IReadOnlyList<string>)>(WriteTogether, (assetId, [.. (keywords ?? []).Select(TagName.NormalizeOrNull).OfType<string>()]));

    private void WriteTogether(WriteTransaction transaction, IReadOnlyList<(long AssetId, IReadOnlyList<string> Names)> files)
    {
        var before = transaction.Connection.Query(
            $"SELECT asset_id, tag_id FROM asset_tags WHERE source = 1 AND asset_id IN {SqlIds.In(files.Select(file => file.AssetId))}",
            row => (Asset: row.GetInt64(0), Tag: row.GetInt64(1)))
            .ToHashSet();
        var ids = MadeIds(transaction, files.SelectMany(file => file.Names));
        var now = files.SelectMany(file => file.Names, (file, name) => (Asset: file.AssetId, Tag: ids[TagName.Fold(name)])).ToHashSet();
        List<(long Asset, long Tag)> came = [.. now.Except(before)], went = [.. before.Except(now)];
        if (came.Count > 0)
        {
            var rows = string.Join(',', came.Select(pair => $"({pair.Asset},{pair.Tag},1)"));
            transaction.Connection.Execute($"INSERT INTO asset_tags (asset_id, tag_id, source) VALUES {rows} ON CONFLICT DO NOTHING");
        }

        if (went.Count > 0)
        {
            var rows = string.Join(',', went.Select(pair => $"({pair.Asset},{pair.Tag})"));
            transaction.Connection.Execute($"DELETE FROM asset_tags WHERE source = 1 AND (asset_id, tag_id) IN (VALUES {rows})");
        }

        TellAfterCommit(transaction, [.. came.Concat(went).Select(pair => pair.Tag).Distinct()]);
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

    private static bool Change(WriteTransaction transaction, string sql, long assetId, long tagId) =>
        transaction.Prepare(sql).Set("@asset", assetId).Set("@tag", tagId).ExecuteNonQuery() > 0;

    /// <summary>The ids of tags by their folded names; those that are not there are made.</summary>
    private static Dictionary<string, long> MadeIds(WriteTransaction transaction, IEnumerable<string> names)
    {
        // In order, so that two processes that make the same ones do not wait for each other in a circle.
        var wanted = names.DistinctBy(TagName.Fold).ToDictionary(TagName.Fold).OrderBy(name => name.Key, StringComparer.Ordinal).ToList();
        var known = KnownIds(transaction, wanted);
        if (known.Count == wanted.Count)
            return known;
        foreach (var (folded, name) in wanted.Where(name => !known.ContainsKey(name.Key)))
            transaction.Queue(MakeSql, ("@folded", folded), ("@name", name));
        return KnownIds(transaction, wanted);
    }

    private static Dictionary<string, long> KnownIds(WriteTransaction transaction, List<KeyValuePair<string, string>> wanted) => wanted.Count == 0
        ? []
        : transaction.Query(
                $"SELECT folded, id FROM tags WHERE folded IN ({transaction.Dialect.TextsOf("@folded")})",
                row => (row.GetString(0), row.GetInt64(1)),
                ("@folded", SqlDialect.Texts(wanted.Select(name => name.Key))))
            .ToDictionary();

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
