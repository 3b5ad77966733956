using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Benchmarks.Setting;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// Changes of very many rows at once: how long a small write of a person (a pause, a retry of one) waits for the one writer meanwhile.
/// </summary>
internal static class MassChanges
{
    private const int Budget = 200;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var folder = LinkedFiles.Ensure(run, run.Most);
        using var data = run.Scratch();
        await using var provider = new ServiceCollection().AddLogging().AddVitrine(new VitrineOptions { DataFolder = data.FullPath }).BuildServiceProvider();
        BenchRun.Say($"Scanning {run.Most:N0} files…");
        var (library, _) = await provider.GetRequiredService<LibraryScans>().AddAsync(folder, null, includeHidden: false, CancellationToken.None);
        var jobs = provider.GetRequiredService<NamedJobs>();
        await jobs.WhenEnded(LibraryScans.JobName(library.Id));
        await FailAllAsync(provider, library);

        BenchRun.Say("Retrying all of them…");
        var retry = await WatchAsync(provider, library, async () =>
        {
            await provider.GetRequiredService<FailureRetries>().RetryLibraryAsync(library.Id, null, CancellationToken.None);
            await jobs.WhenEnded(FailureRetries.JobName(library.Id));
        });
        BenchRun.Say("Taking all of them over…");
        var takeOver = await WatchAsync(provider, library, async () =>
        {
            var group = await provider.GetRequiredService<LibraryStore>().BeginTaskGroupAsync(library.Id, CancellationToken.None);
            await provider.GetRequiredService<TaskGroups>().TakeOverAsync(library.Id, group, includeCancelled: true, CancellationToken.None);
        });
        var counts = provider.GetRequiredService<ProgressBoard>().SnapshotOrNull(library.Id)!.Counts;
        if (counts.Pending != run.Most)
            throw new InvalidOperationException($"{counts.Pending} of {run.Most} are pending.");
        return [Row($"a small write while {run.Most:N0} failed assets are retried", retry), Row($"a small write while {run.Most:N0} unfinished assets go over to a new scan", takeOver)];
    }

    private static Figure Row(string what, (Samples Waits, TimeSpan Whole) watched) => new(
        what, $"p99 ≤ {Budget} ms", $"p50 {watched.Waits.Median:0} ms, p99 {watched.Waits.At(0.99):0} ms",
        $"worst of {watched.Waits.Count:N0} {watched.Waits.Max:0} ms; all of it took {Figure.Time(watched.Whole.TotalMilliseconds)}", watched.Waits.At(0.99) <= Budget);

    /// <summary>Writes a little, again and again, until the work is over.</summary>
    private static async Task<(Samples Waits, TimeSpan Whole)> WatchAsync(ServiceProvider provider, Library library, Func<Task> work)
    {
        var libraries = provider.GetRequiredService<LibraryStore>();
        var waits = new Samples();
        var whole = Stopwatch.StartNew();
        var working = work();
        while (!working.IsCompleted)
        {
            var clock = Stopwatch.StartNew();
            await libraries.SetPausedAsync(library.Id, paused: true, CancellationToken.None);
            waits.Add(clock.Elapsed.TotalMilliseconds);
            await Task.Delay(5);
        }

        await working;
        return (waits, whole.Elapsed);
    }

    private static async Task FailAllAsync(ServiceProvider provider, Library library) =>
        await provider.GetRequiredService<Database>().WriteAsync(
            transaction =>
            {
                var count = transaction.Connection.Execute("UPDATE assets SET status = 4");
                transaction.Connection.Execute(
                    """
                    INSERT INTO failures (asset_id, library_id, stage, reason, class, attempts, failed_at)
                    SELECT id, library_id, 0, 'damaged: bad marker at ' || id, 'damaged', 1, 0 FROM assets
                    """);
                var changes = new CounterChanges();
                changes.Move(library.Id, library.TaskGroupId, AssetStatus.Pending, AssetStatus.Failed, count);
                provider.GetRequiredService<ProgressStore>().Apply(transaction, changes);
            },
            WriteUrgency.Urgent,
            CancellationToken.None);
}
