using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>The last run of each named job, kept over restarts.</summary>
public sealed class JobStore(Database database, TimeProvider time)
{
    private const string SelectSql = "SELECT name, status, message, error, started_at, finished_at FROM jobs";

    /// <summary>By the time they started, newest first.</summary>
    public IReadOnlyList<Job> All() => database.Read(connection => connection.Query($"{SelectSql} ORDER BY started_at DESC, name", ReadJob));

    public Job? FindOrNull(string name) => database.Read(connection => connection.QueryFirstOrDefault(
        $"{SelectSql} WHERE name = @name", ReadJob, ("@name", name)));

    public Task SaveAsync(Job job, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Prepare(
                    """
                    INSERT OR REPLACE INTO jobs (name, status, message, error, started_at, finished_at)
                    VALUES (@name, @status, @message, @error, @started, @finished)
                    """)
                .Set("@name", job.Name).Set("@status", Name(job.Status)).Set("@message", job.Message).Set("@error", job.Error)
                .Set("@started", job.StartedAt.ToStored()).Set("@finished", job.FinishedAt?.ToStored())
                .ExecuteNonQuery(),
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Marks what a stopped process left running.</summary>
    public Task FailInterruptedAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => transaction.Connection.Execute(
                "UPDATE jobs SET status = 'failed', error = 'interrupted: the program ended while it ran', finished_at = @now WHERE status IN ('queued', 'running')",
                ("@now", time.GetUtcNow().ToStored())),
            WriteUrgency.Urgent,
            cancellationToken);

    private static string Name(JobStatus status) => status.ToString().ToLowerInvariant();

    private static Job ReadJob(DbDataReader row) => new(
        row.GetString(0),
        Enum.Parse<JobStatus>(row.GetString(1), ignoreCase: true),
        row.StringOrNull(2),
        row.StringOrNull(3),
        StoredTime.FromStored(row.GetInt64(4)),
        row.TimeOrNull(5));
}
