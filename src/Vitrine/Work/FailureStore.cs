using System.Data.Common;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>Failed assets: listing them, one by one or by their reasons.</summary>
public sealed class FailureStore(Database database)
{
    /// <summary>More reasons are no list that anybody reads.</summary>
    private const int MostGroups = 200;

    private const string SelectSql =
        """
        SELECT x.asset_id, x.library_id, f.path, a.name, x.stage, x.reason, x.reason_group, x.attempts, x.failed_at
        FROM failures x JOIN assets a ON a.id = x.asset_id JOIN folders f ON f.id = a.folder_id
        """;

    /// <summary>A page of a library's failures, by asset id; of all libraries for null.</summary>
    /// <param name="reason">Only those of this group (see <see cref="Groups"/>), or whose reason begins with this word before its colon.</param>
    public (long Total, IReadOnlyList<FailedAsset> Items) Page(long? libraryId, long offset, int limit, string? reason = null) =>
        database.Read(connection =>
        {
            (string, object?)[] filter = [("@library", libraryId), ("@reason", reason)];
            var total = connection.QueryNumber(CountSql(libraryId, reason), filter);
            var items = connection.Query(PageSql(libraryId, reason), ReadFailure, [.. filter, ("@limit", limit), ("@offset", offset)]);
            return (total, (IReadOnlyList<FailedAsset>)items);
        });

    /// <summary>The reasons of a library's failures, of all libraries for null; the most frequent first.</summary>
    public IReadOnlyList<FailureGroup> Groups(long? libraryId) => database.Read(connection => connection.Query(
        GroupsSql(libraryId), row => new FailureGroup(row.GetString(0), row.GetInt64(1), row.GetString(2)), ("@library", libraryId)));

    public FailedAsset? FindOrNull(long assetId) => database.Read(connection => connection.QueryFirstOrDefault(
        $"{SelectSql} WHERE x.asset_id = @id", ReadFailure, ("@id", assetId)));

    internal static string CountSql(long? libraryId, string? reason = null) => $"SELECT COUNT(*) FROM failures x WHERE {Of(libraryId, reason)}";

    internal static string PageSql(long? libraryId, string? reason = null) =>
        $"{SelectSql} WHERE {Of(libraryId, reason)} ORDER BY x.library_id, x.asset_id LIMIT @limit OFFSET @offset";

    internal static string GroupsSql(long? libraryId) =>
        $"""
        SELECT g.reason_group, g.count, (SELECT e.reason FROM failures e WHERE e.asset_id = g.first)
        FROM (SELECT x.reason_group, COUNT(*) AS count, MIN(x.asset_id) AS first FROM failures x WHERE {Of(libraryId, null)} GROUP BY x.reason_group) g
        ORDER BY g.count DESC, g.reason_group LIMIT {MostGroups}
        """;

    /// <summary>
    /// Two texts, because one with an OR would read the failures of every library. Forgotten libraries have none. A word finds
    /// every reason that has it before the colon: <c>;</c> is what follows <c>:</c>.
    /// </summary>
    internal static string Of(long? libraryId, string? reason) =>
        (libraryId is null ? "x.library_id IN (SELECT id FROM libraries)" : "x.library_id = @library")
        + (reason is null ? "" : " AND (x.reason_group = @reason OR (x.reason_group >= @reason || ':' AND x.reason_group < @reason || ';'))");

    private static FailedAsset ReadFailure(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        AssetStore.JoinPath(row.GetString(2), row.GetString(3)),
        (Stage)row.GetInt32(4),
        row.GetString(5),
        row.GetString(6),
        row.GetInt32(7),
        StoredTime.FromStored(row.GetInt64(8)));
}
