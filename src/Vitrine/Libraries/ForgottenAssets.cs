using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>
/// Sweeps the rows of libraries that were forgotten, a slice per commit, so that forgetting a million assets holds nobody up.
/// Goes on where it stopped: what is left over is simply what belongs to no library.
/// </summary>
public sealed class ForgottenAssets(Database database, Announcements announcements)
{
    private const int SliceRows = 2000;

    /// <summary>Distinct library ids come off the index one seek each, so that finding nothing costs nothing.</summary>
    /// <remarks>What <c>vitrine migrate</c> brings has no library yet, until the last of it is there.</remarks>
    internal static string FindSql(SqlDialect dialect) =>
        $"""
        WITH RECURSIVE present (id) AS (
            SELECT MIN(library_id) FROM assets
            UNION ALL
            SELECT (SELECT MIN(library_id) FROM assets WHERE library_id > present.id) FROM present WHERE present.id IS NOT NULL)
        SELECT id FROM present WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM libraries)
            {(dialect.IsPostgres ? "AND id NOT IN (SELECT library_id FROM transfers)" : "")} LIMIT 1
        """;

    internal static string DeleteSql(SqlDialect dialect) =>
        $"DELETE FROM assets WHERE {dialect.IsOneOf("id", "SELECT a.id FROM assets a WHERE a.library_id = @id LIMIT @rows")}";

    /// <summary>Until nothing is left; may be cancelled at any time.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await database.WriteAsync(SweepSlice, WriteUrgency.Bulk, cancellationToken) > 0)
            cancellationToken.ThrowIfCancellationRequested();
    }

    private int SweepSlice(WriteTransaction transaction)
    {
        var connection = transaction.Connection;
        var forgotten = connection.QueryNumber(FindSql(transaction.Dialect));
        if (forgotten == 0)
            return 0;
        // Nobody knows these assets any more, but counts over all libraries did until now.
        transaction.AfterCommit(() => announcements.Announce(new Announcement.AssetsRemoved(forgotten, [])));
        return connection.Execute(DeleteSql(transaction.Dialect), ("@id", forgotten), ("@rows", SliceRows));
    }
}
