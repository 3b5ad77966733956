using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>
/// Sweeps the rows of libraries that were forgotten, a slice per commit, so that forgetting a million assets holds nobody up.
/// Goes on where it stopped: what is left over is simply what belongs to no library.
/// </summary>
public sealed class ForgottenAssets(Database database)
{
    private const int SliceRows = 2000;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await database.WriteAsync(SweepSlice, WriteUrgency.Bulk, cancellationToken) > 0)
            cancellationToken.ThrowIfCancellationRequested();
    }

    private static int SweepSlice(WriteTransaction transaction)
    {
        var connection = transaction.Connection;
        // Distinct library ids come off the index one seek each, so that finding nothing costs nothing.
        var forgotten = connection.QueryNumber(
            """
            WITH RECURSIVE present (id) AS (
                SELECT MIN(library_id) FROM assets
                UNION ALL
                SELECT (SELECT MIN(library_id) FROM assets WHERE library_id > present.id) FROM present WHERE present.id IS NOT NULL)
            SELECT id FROM present WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM libraries) LIMIT 1
            """);
        return forgotten == 0
            ? 0
            : connection.Execute(
                "DELETE FROM assets WHERE id IN (SELECT id FROM assets WHERE library_id = @id LIMIT @rows)", ("@id", forgotten), ("@rows", SliceRows));
    }
}
