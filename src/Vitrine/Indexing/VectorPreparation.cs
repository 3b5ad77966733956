using Vitrine.Embeddings.Pgvector;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>
/// Where the database searches vectors: brings its tables up to date as the job <c>prepare-vectors</c>, and copies what was written before the
/// extension was there.
/// </summary>
internal sealed class VectorPreparation(Database database, NamedJobs jobs, TimeProvider time)
{
    public const string JobName = "prepare-vectors";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly VectorTables? _tables = database is PostgresDatabase { Vectors.InUse: true } ? new VectorTables(database) : null;

    /// <summary>At the start. Nothing runs where nothing is to be done.</summary>
    public void Submit()
    {
        if (_tables is null && database is PostgresDatabase)
            VectorTables.TakeAwayIfUseless(database);
        if (_tables is { AreComplete: false } tables)
            jobs.Submit(JobName, (report, stop) => RunAsync(tables, report, stop), JobTraits.Pausable | JobTraits.Resumable);
    }

    /// <summary>Goes on with what a process that is gone left.</summary>
    public void TakeUpLeft()
    {
        if (_tables is not null && jobs.FindOrNull(JobName) is { Status: JobStatus.Queued })
            Submit();
    }

    private async Task RunAsync(VectorTables tables, JobReport report, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                tables.Prepare();
                while (tables.NextOrNull() is { } pending)
                    await CopyAsync(tables, pending, report, stop);
                return;
            }
            catch (DatabaseUnavailableException exception)
            {
                report.Say($"waits and tries again: {exception.Message}");
                await Task.Delay(s_pause, time, stop);
            }
        }
    }

    private static async Task CopyAsync(VectorTables tables, PendingVectors pending, JobReport report, CancellationToken stop)
    {
        for (PendingVectors? next = pending; next is not null; next = await tables.CopySliceAsync(next, stop))
        {
            pending = next;
            report.Say($"library {pending.LibraryId}: {pending.Copied:N0} vectors copied to where the database searches them");
            await report.WaitWhilePausedAsync(stop);
        }

        report.Say($"library {pending.LibraryId}: indexing {pending.Copied:N0} vectors");
        await tables.FinishAsync(pending, stop);
    }
}
