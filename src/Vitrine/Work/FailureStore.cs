using System.Data.Common;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>Failed assets: listing them, one by one or by their reasons.</summary>
public sealed class FailureStore(Database database)
{
    private const string SelectSql =
        """
        SELECT x.asset_id, x.library_id, f.path, a.name, x.stage, x.reason, x.attempts, x.failed_at
        FROM failures x JOIN assets a ON a.id = x.asset_id JOIN folders f ON f.id = a.folder_id
        """;

    /// <summary>A page of a library's failures, by asset id; of all libraries for null.</summary>
    /// <param name="reason">Only those of this <see cref="FailureClass"/>, by its code, words or sentence; what is no class finds none.</param>
    public (long Total, IReadOnlyList<FailedAsset> Items) Page(long? libraryId, long offset, int limit, string? reason = null) =>
        database.Read(connection =>
        {
            (string, object?)[] filter = [("@library", libraryId), ("@class", CodeOf(reason))];
            var total = connection.QueryNumber(CountSql(libraryId, reason), filter);
            var items = connection.Query(PageSql(libraryId, reason), ReadFailure, [.. filter, ("@limit", limit), ("@offset", offset)]);
            return (total, (IReadOnlyList<FailedAsset>)items);
        });

    /// <summary>The reasons of a library's failures, of all libraries for null; the most frequent first.</summary>
    public IReadOnlyList<FailureGroup> Groups(long? libraryId) => database.Read(connection => connection.Query(
        GroupsSql(libraryId), row => new FailureGroup(ClassOf(row.GetString(0)), row.GetInt64(1), FailureReason.Parse(row.GetString(2))), ("@library", libraryId)));

    public FailedAsset? FindOrNull(long assetId) => database.Read(connection => connection.QueryFirstOrDefault(
        $"{SelectSql} WHERE x.asset_id = @id", ReadFailure, ("@id", assetId)));

    internal static string CountSql(long? libraryId, string? reason = null) => $"SELECT COUNT(*) FROM failures x WHERE {Of(libraryId, reason)}";

    internal static string PageSql(long? libraryId, string? reason = null) =>
        $"{SelectSql} WHERE {Of(libraryId, reason)} ORDER BY x.library_id, x.asset_id LIMIT @limit OFFSET @offset";

    internal static string GroupsSql(long? libraryId) =>
        $"""
        SELECT g.class, g.count, (SELECT e.reason FROM failures e WHERE e.asset_id = g.first)
        FROM (SELECT x.class, COUNT(*) AS count, MIN(x.asset_id) AS first FROM failures x WHERE {Of(libraryId, null)} GROUP BY x.class) g
        ORDER BY g.count DESC, g.class
        """;

    /// <summary>Two texts, because one with an OR would read the failures of every library. Forgotten libraries have none.</summary>
    internal static string Of(long? libraryId, string? reason) =>
        (libraryId is null ? "x.library_id IN (SELECT id FROM libraries)" : "x.library_id = @library")
        + (reason is null ? "" : " AND x.class = @class");

    /// <summary>As a class is stored.</summary>
    internal static string? CodeOf(string? reason) => reason is not null && FailureReason.ClassOrNull(reason) is { } known ? FailureReason.CodeOf(known) : reason;

    private static FailureClass ClassOf(string code) => FailureReason.ClassOrNull(code) ?? FailureClass.Unexpected;

    private static FailedAsset ReadFailure(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        AssetStore.JoinPath(row.GetString(2), row.GetString(3)),
        (Stage)row.GetInt32(4),
        FailureReason.Parse(row.GetString(5)),
        row.GetInt32(6),
        StoredTime.FromStored(row.GetInt64(7)));
}
