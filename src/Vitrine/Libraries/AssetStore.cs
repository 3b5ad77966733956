using System.Data.Common;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>Reads assets as pages and lists show them.</summary>
public sealed class AssetStore(Database database)
{
    internal const string SelectSql =
        """
        SELECT a.id, a.library_id, f.path, a.name, a.kind, a.status, a.size, a.modified_at, a.added_at, a.attempts, a.width, a.height, a.colour,
            a.captured_at, a.sha256, a.thumbnail, CASE WHEN a.status = 4 THEN x.reason END, d.format, d.frames, d.warning, d.captured_offset, a.changed_at
        FROM assets a JOIN folders f ON f.id = a.folder_id LEFT JOIN failures x ON x.asset_id = a.id LEFT JOIN asset_details d ON d.asset_id = a.id
        """;

    public Asset? FindOrNull(long id) =>
        database.Read(connection => connection.QueryFirstOrDefault($"{SelectSql} WHERE a.id = @id", ReadAsset, ("@id", id)));

    /// <summary>The assets in the order of the ids; ids that are gone are left out.</summary>
    public IReadOnlyList<Asset> Find(IReadOnlyList<long> ids)
    {
        if (ids.Count == 0)
            return [];
        var found = database.Read(connection => connection.Query($"{SelectSql} WHERE a.id IN {SqlIds.In(ids)}", ReadAsset))
            .ToDictionary(asset => asset.Id);
        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    /// <summary>Which assets of a library have this place; null for none.</summary>
    public long? FindByPathOrNull(long libraryId, string path)
    {
        var slash = path.LastIndexOf('/');
        var (folder, name) = slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
        return database.Read(connection => connection.QueryFirstOrDefault<long?>(
            "SELECT a.id FROM assets a JOIN folders f ON f.id = a.folder_id WHERE f.library_id = @library AND f.path = @folder AND a.name = @name",
            row => row.GetInt64(0),
            ("@library", libraryId), ("@folder", folder), ("@name", name)));
    }

    internal static string JoinPath(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private static Asset ReadAsset(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        JoinPath(row.GetString(2), row.GetString(3)),
        (AssetKind)row.GetInt32(4),
        (AssetStatus)row.GetInt32(5),
        row.GetInt64(6),
        StoredTime.FromStored(row.GetInt64(7)),
        StoredTime.FromStored(row.GetInt64(8)),
        row.GetInt32(9),
        row.IntOrNull(10),
        row.IntOrNull(11),
        row.IntOrNull(12),
        row.WallTimeOrNull(13, 20),
        row.BytesOrNull(14),
        row.GetBoolean(15),
        row.StringOrNull(16) is { } reason ? FailureReason.Parse(reason) : null,
        row.StringOrNull(17),
        row.IntOrNull(18),
        row.StringOrNull(19),
        row.GetInt64(21));
}
