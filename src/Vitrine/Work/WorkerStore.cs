using System.Diagnostics;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>The processes that work, each with a lease that its heartbeat extends.</summary>
public sealed class WorkerStore(Database database, TimeProvider time)
{
    /// <summary>How long claims outlive the last heartbeat.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A third of the lease: two may be missed.</summary>
    public static TimeSpan HeartbeatInterval { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Registers this process and returns its worker id.</summary>
    public Task<long> RegisterAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Connection.QueryNumber(
                """
                INSERT INTO workers (host, process_id, started_at, lease_until) VALUES (@host, @process, @now, @until) RETURNING id
                """,
                ("@host", Environment.MachineName),
                ("@process", Environment.ProcessId),
                ("@now", time.GetUtcNow().ToStored()),
                ("@until", (time.GetUtcNow() + Lease).ToStored())),
            WriteUrgency.Urgent,
            cancellationToken);

    public Task HeartbeatAsync(long worker, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Connection.Execute(
                "UPDATE workers SET lease_until = @until WHERE id = @id",
                ("@until", (time.GetUtcNow() + Lease).ToStored()), ("@id", worker)),
            WriteUrgency.Urgent,
            cancellationToken);

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
