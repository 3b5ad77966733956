using System.Data.Common;
using Microsoft.Extensions.Logging;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>The last runs of each named job with their last log lines, kept over restarts.</summary>
public sealed class JobStore(Database database, TimeProvider time)
{
    /// <summary>Runs kept per name.</summary>
    public const int KeptRuns = 20;

    /// <summary>The error of a run whose process died.</summary>
    internal const string Interrupted = "interrupted: the program ended while it ran";

    /// <summary>Workers whose lease holds.</summary>
    private const string LivingSql = "SELECT id FROM workers WHERE lease_until >= @now";

    private const string SelectSql =
        """
        SELECT id, name, traits, status, paused, message, fraction, result, error, stack, started_at, cancel_asked_at, finished_at FROM job_runs
        """;

    /// <summary>The last run of each job, by the time they started, newest first.</summary>
    public IReadOnlyList<Job> All() => database.Read(connection => connection.Query(
        $"{SelectSql} WHERE id IN (SELECT MAX(id) FROM job_runs GROUP BY name) ORDER BY started_at DESC, name", ReadJob));

    /// <summary>The last run.</summary>
    public Job? FindOrNull(string name) => database.Read(connection => LastOrNull(connection, name));

    /// <summary>The runs that are kept, newest first; empty for a job that never ran.</summary>
    public IReadOnlyList<Job> Runs(string name) => database.Read(connection => connection.Query(
        $"{SelectSql} WHERE name = @name ORDER BY id DESC", ReadJob, ("@name", name)));

    /// <summary>The kept log lines of a run, oldest first.</summary>
    public IReadOnlyList<JobLine> Lines(long runId) => database.Read(connection => Lines(connection, runId));

    /// <summary>Whether another process runs a job of this name, and lives.</summary>
    /// <remarks>SQLite has no other process.</remarks>
    public bool RunsElsewhere(string name, long owner) => database.Dialect.IsPostgres && database.Read(connection => connection.QueryNumber(
        $"SELECT COUNT(*) FROM job_runs WHERE name = @name AND status = 'running' AND owner <> @owner AND owner IN ({LivingSql})",
        ("@name", name), ("@owner", owner), ("@now", time.GetUtcNow().ToStored()))) > 0;

    /// <summary>Begins a run; a queued one of this name, which a stop interrupted, goes on instead. Old runs are forgotten.</summary>
    /// <param name="owner">The worker whose run it is.</param>
    /// <param name="again">Whether it was tried before, and nobody knows whether that took effect.</param>
    /// <returns>Null when another process was faster.</returns>
    public Task<(Job Job, IReadOnlyList<JobLine> Lines)?> BeginAsync(Job job, long owner, CancellationToken cancellationToken, bool again = false) =>
        database.WriteAsync<(Job Job, IReadOnlyList<JobLine> Lines)?>(
            transaction =>
            {
                var connection = transaction.Connection;
                // A process has one run of a name, so this is the one that the earlier try began.
                if (again && LastOrNull(connection, job.Name, "AND status = 'running' AND owner = @owner", ("@owner", owner)) is { } mine)
                    return (mine, Lines(connection, mine.RunId));
                TakeUpInterrupted(transaction, job.Name);
                if (LastOrNull(connection, job.Name) is { Status: JobStatus.Queued } queued)
                {
                    return connection.Execute(
                        "UPDATE job_runs SET status = 'running', owner = @owner WHERE id = @id AND status = 'queued'", ("@id", queued.RunId), ("@owner", owner)) == 1
                        ? (queued with { Status = JobStatus.Running }, Lines(connection, queued.RunId))
                        : null;
                }

                var id = connection.QueryNumber(
                    """
                    INSERT INTO job_runs (name, traits, status, owner, started_at) VALUES (@name, @traits, @status, @owner, @started)
                    ON CONFLICT DO NOTHING RETURNING id
                    """,
                    ("@name", job.Name), ("@traits", (int)job.Traits), ("@status", Name(job.Status)), ("@owner", owner), ("@started", job.StartedAt.ToStored()));
                if (id == 0)
                    return null;
                connection.Execute(
                    """
                    DELETE FROM job_runs WHERE name = @name
                        AND id <= (SELECT id FROM job_runs WHERE name = @name ORDER BY id DESC LIMIT 1 OFFSET @kept)
                    """,
                    ("@name", job.Name), ("@kept", KeptRuns));
                return (job with { RunId = id }, []);
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Keeps a run as it stands; until it ends, whether it is paused is only for <see cref="SetPausedAsync"/> to say.</summary>
    public Task SaveAsync(Job job, IReadOnlyList<JobLine> lines, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                transaction.Prepare(
                        """
                        UPDATE job_runs SET status = @status, paused = CASE WHEN @ended THEN @paused ELSE paused END, message = @message, fraction = @fraction, result = @result,
                            error = @error, stack = @stack, cancel_asked_at = COALESCE(@asked, cancel_asked_at), finished_at = @finished
                        WHERE id = @id
                        """)
                    .Set("@id", job.RunId).Set("@status", Name(job.Status)).Set("@ended", job.FinishedAt is not null).Set("@paused", job.Paused).Set("@message", job.Message)
                    .Set("@fraction", job.Fraction).Set("@result", job.Result).Set("@error", job.Error).Set("@stack", job.Stack)
                    .Set("@asked", job.CancelAskedAt?.ToStored()).Set("@finished", job.FinishedAt?.ToStored())
                    .ExecuteNonQuery();
                transaction.Prepare("DELETE FROM job_lines WHERE run_id = @run").Set("@run", job.RunId).ExecuteNonQuery();
                foreach (var (place, line) in lines.Index())
                {
                    transaction.Prepare("INSERT INTO job_lines (run_id, place, at, level, text) VALUES (@run, @place, @at, @level, @text)")
                        .Set("@run", job.RunId).Set("@place", place).Set("@at", line.At.ToStored()).Set("@level", (int)line.Level)
                        .Set("@text", line.Text).ExecuteNonQuery();
                }
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Durable before it is answered: a pause holds over a restart.</summary>
    public Task SetPausedAsync(long runId, bool paused, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Connection.Execute("UPDATE job_runs SET paused = @paused WHERE id = @id", ("@paused", paused), ("@id", runId)),
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Marks what dead processes left running: queued where the job goes on, else failed.</summary>
    public Task TakeUpInterruptedAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => TakeUpInterrupted(transaction, null), WriteUrgency.Urgent, cancellationToken);

    /// <summary>Asks a run of another process to end; that process hears of it. False when none of this name runs.</summary>
    public Task<bool> AskCancelAsync(string name, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Connection.Execute(
                "UPDATE job_runs SET cancel_asked_at = COALESCE(cancel_asked_at, @now) WHERE name = @name AND status = 'running'",
                ("@name", name), ("@now", time.GetUtcNow().ToStored())) > 0,
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Fails the queued runs of jobs that nobody took up again at this start.</summary>
    /// <param name="running">Names that were submitted.</param>
    public Task FailLeftQueuedAsync(IReadOnlyCollection<string> running, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                var queued = transaction.Connection.Query(
                    "SELECT id, name FROM job_runs WHERE status = 'queued'", row => (Id: row.GetInt64(0), Name: row.GetString(1)));
                Fail(transaction, $"id IN {SqlIds.In(queued.Where(run => !running.Contains(run.Name)).Select(run => run.Id))}");
            },
            WriteUrgency.Urgent,
            cancellationToken);

    private void TakeUpInterrupted(WriteTransaction transaction, string? name)
    {
        var dead = $"status = 'running' AND (owner IS NULL OR owner NOT IN ({LivingSql})) {(name is null ? "" : "AND name = @name")}";
        var now = time.GetUtcNow().ToStored();
        transaction.Connection.Execute(
            $"UPDATE job_runs SET status = 'queued' WHERE {dead} AND cancel_asked_at IS NULL AND traits & @resumable <> 0",
            ("@resumable", (int)JobTraits.Resumable), ("@now", now), ("@name", name));
        Fail(transaction, dead, ("@name", name));
    }

    private void Fail(WriteTransaction transaction, string where, params (string Name, object? Value)[] parameters) => transaction.Connection.Execute(
        $"UPDATE job_runs SET status = 'failed', error = @error, finished_at = @now WHERE {where}",
        [("@error", Interrupted), ("@now", time.GetUtcNow().ToStored()), .. parameters]);

    private static Job? LastOrNull(DbConnection connection, string name, string and = "", params (string Name, object? Value)[] parameters) =>
        connection.QueryFirstOrDefault($"{SelectSql} WHERE name = @name {and} ORDER BY id DESC LIMIT 1", ReadJob, [("@name", name), .. parameters]);

    private static IReadOnlyList<JobLine> Lines(DbConnection connection, long runId) => connection.Query(
        "SELECT at, level, text FROM job_lines WHERE run_id = @run ORDER BY place",
        row => new JobLine(StoredTime.FromStored(row.GetInt64(0)), (LogLevel)row.GetInt32(1), row.GetString(2)),
        ("@run", runId));

    private static string Name(JobStatus status) => status.ToString().ToLowerInvariant();

    private static Job ReadJob(DbDataReader row) =>
        new(row.GetString(1), Enum.Parse<JobStatus>(row.GetString(3), ignoreCase: true), StoredTime.FromStored(row.GetInt64(10)))
        {
            RunId = row.GetInt64(0),
            Traits = (JobTraits)row.GetInt32(2),
            Paused = row.GetBoolean(4),
            Message = row.StringOrNull(5),
            Fraction = row.DoubleOrNull(6),
            Result = row.StringOrNull(7),
            Error = row.StringOrNull(8),
            Stack = row.StringOrNull(9),
            CancelAskedAt = row.TimeOrNull(11),
            FinishedAt = row.TimeOrNull(12),
        };
}
