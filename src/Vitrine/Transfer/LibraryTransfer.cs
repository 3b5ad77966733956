using System.Data.Common;
using Npgsql;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>
/// Moves libraries whole from an embedded database into PostgreSQL. Assets go over in batches, each with how far the move is in one
/// transaction; until the last transaction, which also checks everything, they belong to no library that anybody can see. So it may
/// be killed at any point and run again, and nobody ever meets half a library.
/// </summary>
/// <param name="report">Told what is being done, some times a second, on whatever thread does it.</param>
/// <param name="batch">Assets per transaction.</param>
public sealed class LibraryTransfer(TransferSource source, PostgresDatabase target, TimeProvider time, Action<TransferProgress> report, int batch = LibraryTransfer.BatchAssets)
{
    /// <summary>A tenth of a second of work each: what is lost by a kill.</summary>
    private const int BatchAssets = 5000;

    private readonly TransferLedger _ledger = new(target, time);

    /// <summary>What keeps a library from being moved, in words; null for nothing.</summary>
    /// <exception cref="DatabaseUnavailableException">The target cannot be read.</exception>
    public string? ObstacleOrNull(SourceLibrary library) => _ledger.OtherOrNull(library) is { } other
        ? $"'{library.Name}' cannot be moved: the target has another library of the same folder, '{other}' ({library.Path}). Forget one of the two, or move the others with --library."
        : null;

    /// <summary>Moves a library, or goes on with what an earlier run began. A library that is there already is left as it is.</summary>
    /// <exception cref="TransferRefusedException">It cannot be moved as things stand.</exception>
    /// <exception cref="TransferDiffersException">What arrived is not what was there.</exception>
    /// <exception cref="DatabaseUnavailableException">One of the databases cannot be read or written; the next run goes on.</exception>
    public async Task<TransferredLibrary> RunAsync(SourceLibrary library, CancellationToken cancellationToken)
    {
        if (ObstacleOrNull(library) is { } obstacle)
            throw new TransferRefusedException(obstacle);
        var entry = _ledger.FindOrNull(library);
        if (entry is { IsFinished: true })
            return new TransferredLibrary(library, entry.LibraryId, WasThere: true, entry.SourceVersion != library.Version, 0, new Dictionary<string, long>(), [], []);
        if (entry is not null && (entry.Differs || entry.SourceVersion != library.Version))
        {
            report(new TransferProgress(library.Name, TransferStep.StartingOver, 0, 0));
            await _ledger.DropAsync(entry, cancellationToken);
            entry = null;
        }

        entry ??= await BeginAsync(library, cancellationToken);
        var wentOn = entry.Assets;
        entry = await CopyAsync(library, entry, cancellationToken);
        await target.WriteAsync(transaction => transaction.Connection.Execute("ANALYZE assets, asset_details, embeddings, asset_tags"), WriteUrgency.Urgent, cancellationToken);
        return await FinishAsync(library, entry, wentOn, cancellationToken);
    }

    private Task<TransferEntry> BeginAsync(SourceLibrary library, CancellationToken cancellationToken)
    {
        var (scopes, folders, assets) = source.Read(connection => (
            Span(connection, "SELECT @library, MAX(@library, COALESCE(MAX(id), @library)) FROM task_groups WHERE library_id = @library", library),
            Span(connection, "SELECT MIN(id), MAX(id) FROM folders WHERE library_id = @library", library),
            // A scan may have been settled beyond the last asset.
            Span(connection, "SELECT MIN(a.id), MAX(MAX(a.id), l.settled_to) FROM libraries l JOIN assets a ON a.library_id = l.id WHERE l.id = @library", library)));
        return _ledger.BeginAsync(library, scopes, folders, assets, cancellationToken);
    }

    private async Task<TransferEntry> CopyAsync(SourceLibrary library, TransferEntry entry, CancellationToken cancellationToken)
    {
        var names = new NamedIds(source);
        while (NextOrNull(entry) is var (to, count))
        {
            report(new TransferProgress(library.Name, TransferStep.Copying, entry.Assets, library.Assets));
            var before = entry;
            await RetryingAsync(
                transaction =>
                {
                    TransferLedger.Advance(transaction.Connection, before, to, count);
                    new AssetBatch(source, names, before, (NpgsqlConnection)transaction.Connection).Copy(to, cancellationToken);
                    return true;
                },
                names.Forget,
                cancellationToken);
            entry = entry with { CopiedTo = to, Assets = entry.Assets + count };
        }

        report(new TransferProgress(library.Name, TransferStep.Copying, entry.Assets, library.Assets));
        return entry;
    }

    /// <summary>The last asset of the next batch and how many it has; null when all are over.</summary>
    private (long To, long Count)? NextOrNull(TransferEntry entry) => source.Read(connection => connection.QueryFirstOrDefault<(long, long)?>(
        "SELECT MAX(id), COUNT(*) FROM (SELECT id FROM assets WHERE library_id = @library AND id > @from ORDER BY id LIMIT @batch)",
        row => row.IsDBNull(0) ? null : (row.GetInt64(0), row.GetInt64(1)),
        ("@library", entry.SourceId), ("@from", entry.CopiedTo), ("@batch", batch)));

    private async Task<TransferredLibrary> FinishAsync(SourceLibrary library, TransferEntry entry, long wentOn, CancellationToken cancellationToken)
    {
        try
        {
            return await RetryingAsync(
                transaction =>
                {
                    var connection = (NpgsqlConnection)transaction.Connection;
                    _ledger.Finish(connection, entry);
                    if (TransferLedger.OtherOrNull(connection, library) is { } other)
                        throw new TransferRefusedException($"Meanwhile the target has got another library of the same folder, '{other}' ({library.Path}). Forget one of the two.");
                    new LibraryRows(source, entry, connection).Write();
                    var check = new TransferCheck(source, entry, connection, done => report(new TransferProgress(library.Name, TransferStep.Checking, done, 0)));
                    report(new TransferProgress(library.Name, TransferStep.Checking, 0, 0));
                    var differences = check.Run(cancellationToken);
                    if (differences.Count > 0)
                        throw new TransferDiffersException(library.Name, differences);
                    ArrivedVectors.Announce(connection, entry.LibraryId, time.GetUtcNow());
                    return new TransferredLibrary(library, entry.LibraryId, WasThere: false, HasChanged: false, wentOn, check.Rows, check.Statuses(), check.Categories());
                },
                () => { },
                cancellationToken);
        }
        catch (TransferDiffersException)
        {
            await _ledger.MarkDifferingAsync(entry, cancellationToken);
            throw;
        }
    }

    /// <summary>Processes that count the same tags in another order may meet in a circle: then PostgreSQL breaks one off, and it is tried again.</summary>
    private async Task<T> RetryingAsync<T>(Func<WriteTransaction, T> work, Action rolledBack, CancellationToken cancellationToken)
    {
        const int Attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await target.WriteAsync(work, WriteUrgency.Bulk, cancellationToken);
            }
            catch (DatabaseUnavailableException exception) when (
                attempt < Attempts && exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected })
            {
                rolledBack();
            }
        }
    }

    private static IdSpan Span(DbConnection connection, string sql, SourceLibrary library) => connection.QueryFirstOrDefault(
        sql, row => IdSpan.Of(row.LongOrNull(0), row.LongOrNull(1)), ("@library", library.Id));
}
