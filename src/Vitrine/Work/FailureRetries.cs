using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>
/// Puts failed assets back at their stage: one, or all of a library, or all of them with one reason. Very many go a slice per commit,
/// the first at once and the rest in a job, so that nobody waits for them.
/// </summary>
public sealed class FailureRetries(
    Database database, LibraryStore libraries, ProgressStore progress, VisibleAssets wanted, NamedJobs jobs, Announcements announcements)
{
    /// <summary>Some 20 ms of the writer (docs/benchmarks.md).</summary>
    private const int SliceRows = 1000;

    public static string JobName(long libraryId) => $"retry:{libraryId}";

    /// <summary>Puts one failed asset back at its stage, with fresh attempts, before everything that nobody looks at.</summary>
    /// <returns>The task group it is in now; null when it has not failed.</returns>
    public async Task<long?> RetryAsync(long assetId, CancellationToken cancellationToken)
    {
        var group = await database.WriteAsync<long?>(
            transaction =>
            {
                var failed = Failed(transaction, SliceSql("", "x.asset_id = @id"), ("@id", assetId));
                if (failed.Count == 0)
                    return null;
                var library = failed[0].Library;
                // A person who retries a hundred, one after the other, begins one group with them and not a hundred.
                var group = LastRetryOrNull(transaction, library) ?? libraries.BeginTaskGroup(transaction, library, scanning: false, retry: true);
                PutBack(transaction, library, failed, group);
                return group;
            },
            WriteUrgency.Urgent,
            cancellationToken);
        if (group is not null)
            wanted.Ask([assetId]);
        return group;
    }

    /// <summary>Puts every failed asset of a library back at its stage, or those with one reason, in a task group of their own.</summary>
    /// <param name="reason">As <see cref="FailureStore.Page"/> takes it; null for all.</param>
    /// <returns>
    /// The group, which says that it is scanning until all are in it, and how many there are; null when a retry of this library runs
    /// already. The group is the library's newest one when there is nothing to retry.
    /// </returns>
    public async Task<(long TaskGroupId, long Count)?> RetryLibraryAsync(long libraryId, string? reason, CancellationToken cancellationToken)
    {
        if (jobs.IsRunning(JobName(libraryId)))
            return null;
        var (group, count, last) = await database.WriteAsync(transaction => Begin(transaction, libraryId, reason), WriteUrgency.Urgent, cancellationToken);
        if (last is { } after && !jobs.Submit(JobName(libraryId), (report, stop) => ContinueAsync(libraryId, reason, group, after, count, report, stop)))
            await EndAsync(libraryId, group);
        return (group, count);
    }

    /// <summary>The first slice, in the group's own transaction; the asset after which the rest follows, null when that was all.</summary>
    private (long Group, long Count, long? Last) Begin(WriteTransaction transaction, long libraryId, string? reason)
    {
        var count = transaction.Connection.QueryNumber(FailureStore.CountSql(libraryId, reason), ("@library", libraryId), ("@class", FailureStore.CodeOf(reason)));
        var failed = Slice(transaction, libraryId, reason, after: 0);
        if (failed.Count == 0)
            return (libraries.FindOrNull(transaction.Connection, libraryId)?.TaskGroupId ?? 0, 0, null);
        // A group of its own: it goes first, and what a person cancelled earlier stays cancelled.
        var group = libraries.BeginTaskGroup(transaction, libraryId, scanning: false);
        PutBack(transaction, libraryId, failed, group);
        if (failed.Count < SliceRows)
            return (group, count, null);
        // On the board only: a process that is killed meanwhile leaves the rest failed, and not a group that nobody ends.
        progress.Touch(transaction, group, libraryId, state => state with { Scanning = true });
        return (group, count, failed[^1].Id);
    }

    /// <summary>In order of ids, so that what fails again meanwhile is not tried a second time.</summary>
    private async Task ContinueAsync(
        long libraryId, string? reason, long group, long after, long count, JobReport report, CancellationToken stop)
    {
        long done = SliceRows;
        try
        {
            while (true)
            {
                var slice = await database.WriteAsync(
                    transaction =>
                    {
                        var failed = Slice(transaction, libraryId, reason, after);
                        PutBack(transaction, libraryId, failed, group);
                        return failed;
                    },
                    WriteUrgency.Bulk,
                    stop);
                if (slice.Count == 0)
                    break;
                (after, done) = (slice[^1].Id, done + slice.Count);
                report.Say($"{done:N0} put back", Math.Min(1, (double)done / Math.Max(1, count)));
                stop.ThrowIfCancellationRequested();
            }

            report.SayResult($"{done:N0} put back");
        }
        finally
        {
            await EndAsync(libraryId, group);
        }
    }

    private Task EndAsync(long libraryId, long group) => database.WriteAsync(
        transaction => progress.Touch(transaction, group, libraryId, state => state with { Scanning = false }),
        WriteUrgency.Urgent,
        CancellationToken.None);

    private static List<FailedRow> Slice(WriteTransaction transaction, long libraryId, string? reason, long after) => Failed(
        transaction, LibrarySliceSql(transaction.Dialect, libraryId, reason), ("@library", libraryId), ("@class", FailureStore.CodeOf(reason)), ("@after", after));

    private static List<FailedRow> Failed(WriteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        transaction.Connection.Query(
            sql,
            row => new FailedRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), (Stage)row.GetInt32(3)),
            parameters);

    /// <summary>By the index that is in order of ids, whatever the reason: each slice goes on where the one before ended.</summary>
    internal static string LibrarySliceSql(SqlDialect dialect, long libraryId, string? reason) =>
        SliceSql(dialect.IndexedBy("failures_by_library"), $"{FailureStore.Of(libraryId, reason)} AND x.asset_id > @after");

    private static string SliceSql(string index, string where) =>
        $"""
        SELECT a.id, a.library_id, a.task_group_id, x.stage
        FROM failures x {index} JOIN assets a ON a.id = x.asset_id JOIN libraries l ON l.id = a.library_id
        WHERE {where} AND a.status = 4 ORDER BY x.asset_id LIMIT {SliceRows}
        """;

    private static long? LastRetryOrNull(WriteTransaction transaction, long libraryId) => transaction.Connection.QueryFirstOrDefault<long?>(
        """
        SELECT g.id FROM task_groups g
        WHERE g.id = (SELECT MAX(id) FROM task_groups WHERE library_id = @library) AND g.retry = TRUE AND g.cancelled = FALSE
        """,
        row => row.GetInt64(0),
        ("@library", libraryId));

    private void PutBack(WriteTransaction transaction, long libraryId, List<FailedRow> failed, long group)
    {
        if (failed.Count == 0)
            return;
        var changes = new CounterChanges();
        foreach (var stage in failed.GroupBy(row => row.Stage))
        {
            var status = stage.Key == Stage.Metadata ? AssetStatus.Pending : AssetStatus.Indexed;
            transaction.Connection.Execute(
                $"UPDATE assets SET status = @status, task_group_id = @group, attempts = 0, not_before = 0 WHERE id IN {SqlIds.In(stage.Select(row => row.Id))}",
                ("@status", (int)status), ("@group", group));
            changes.Add(libraryId, group, status, stage.Count());
        }

        var ids = failed.ConvertAll(row => row.Id);
        transaction.Connection.Execute($"DELETE FROM failures WHERE asset_id IN {SqlIds.In(ids)}");
        foreach (var from in failed.GroupBy(row => row.Group))
            changes.Add(libraryId, from.Key, AssetStatus.Failed, -from.Count());
        progress.Apply(transaction, changes);
        transaction.AfterCommit(() =>
        {
            announcements.Announce(new Announcement.AssetsChanged(libraryId, ids));
            // Its work goes on: who saw it end listens again. Once the board has the counts, or it would still look complete to them.
            announcements.Announce(new Announcement.LibraryChanged(libraryId));
        });
    }

    private sealed record FailedRow(long Id, long Library, long Group, Stage Stage);
}
