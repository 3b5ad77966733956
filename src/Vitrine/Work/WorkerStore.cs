using System.Diagnostics;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>The processes that work, each with a lease that its heartbeat extends.</summary>
public sealed class WorkerStore(Database database, TimeProvider time, WorkOptions? options = null)
{
    private readonly WorkOptions _options = options ?? new WorkOptions();

    /// <summary>How long claims outlive the last heartbeat, unless options say otherwise.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A third of the lease: two may be missed.</summary>
    public static TimeSpan HeartbeatInterval { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Registers this process and returns its worker id.</summary>
    public Task<long> RegisterAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Connection.QueryNumber(
                """
                INSERT INTO workers (host, process_id, stages, started_at, heartbeat_at, lease_until)
                VALUES (@host, @process, @stages, @started, @now, @until) RETURNING id
                """,
                ("@host", Environment.MachineName),
                ("@process", Environment.ProcessId),
                ("@stages", (int)_options.Stages),
                ("@started", StartedHere()),
                ("@now", time.GetUtcNow().ToStored()),
                ("@until", (time.GetUtcNow() + _options.Lease).ToStored())),
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>
    /// Extends the lease. Who slept past it was taken off the list: it comes back under its own id, and what it held then is not its own
    /// any more, since rescued claims have no owner or another number.
    /// </summary>
    /// <param name="rate">Assets settled per second since the last one.</param>
    public Task HeartbeatAsync(long worker, double rate, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                var now = time.GetUtcNow();
                var known = transaction.Connection.Execute(
                    "UPDATE workers SET heartbeat_at = @now, lease_until = @until, rate = @rate WHERE id = @id",
                    ("@now", now.ToStored()), ("@until", (now + _options.Lease).ToStored()), ("@rate", rate), ("@id", worker));
                if (known > 0)
                    return;
                transaction.Connection.Execute(
                    $"""
                    INSERT INTO workers (id, host, process_id, stages, started_at, heartbeat_at, lease_until, rate)
                    {transaction.Dialect.OwnIds} VALUES (@id, @host, @process, @stages, @started, @now, @until, @rate)
                    """,
                    ("@id", worker), ("@host", Environment.MachineName), ("@process", Environment.ProcessId), ("@stages", (int)_options.Stages),
                    ("@started", StartedHere()), ("@now", now.ToStored()), ("@until", (now + _options.Lease).ToStored()), ("@rate", rate));
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Every process on the list, in the order of their starts.</summary>
    public IReadOnlyList<Worker> All() =>
        database.Read(connection => connection.Query(
            """
            SELECT w.id, w.host, w.process_id, w.stages, w.rate, w.started_at, w.heartbeat_at, w.lease_until,
                (SELECT COUNT(*) FROM assets a WHERE a.claim_owner = w.id)
            FROM workers w ORDER BY w.id
            """,
            row => new Worker(
                row.GetInt64(0), row.GetString(1), row.GetInt32(2), (WorkedStages)row.GetInt32(3), row.GetDouble(4), row.GetInt64(8),
                StoredTime.FromStored(row.GetInt64(5)), StoredTime.FromStored(row.GetInt64(6)), StoredTime.FromStored(row.GetInt64(7)))));

    /// <summary>Takes a worker off the list; its claims must have been given back.</summary>
    public Task UnregisterAsync(long worker, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Connection.Execute("DELETE FROM workers WHERE id = @id", ("@id", worker)),
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Workers whose claims nobody will finish.</summary>
    internal static List<long> Dead(WriteTransaction transaction, DateTimeOffset now) =>
    [
        .. transaction.Connection.Query(
                "SELECT id, host, process_id, started_at, lease_until FROM workers",
                row => (Id: row.GetInt64(0), Host: row.GetString(1), Process: row.GetInt32(2),
                    Started: StoredTime.FromStored(row.GetInt64(3)), Until: StoredTime.FromStored(row.GetInt64(4))))
            .Where(worker => worker.Until < now || (worker.Host == Environment.MachineName && !IsAlive(worker.Process, worker.Started)))
            .Select(worker => worker.Id),
    ];

    /// <summary>By this machine's own clock, not the one that processes share: only this machine compares it with a process's start.</summary>
    private static long StartedHere() => TimeProvider.System.GetUtcNow().ToStored();

    /// <summary>A process id may have been given to another process since: that one started after the worker did.</summary>
    private static bool IsAlive(int processId, DateTimeOffset workerStarted)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime() <= workerStarted.UtcDateTime;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
