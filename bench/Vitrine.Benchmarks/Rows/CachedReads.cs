using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Benchmarks.Setting;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// Pages of ids from the orders in memory, without HTTP and without the rows behind them: what a reader meets while the order it reads
/// is read anew over and over, and while its assets change as fast as they can be committed.
/// </summary>
internal static class CachedReads
{
    private const double Budget = 1;

    private const int PageSize = 200, ChangedAtOnce = 50;

    private static readonly AssetSort[] s_sorts = [AssetSort.Name, AssetSort.Captured];

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var (data, libraryText) = await PreparedLibrary.CopyAsync(run, run.Most);
        using var _ = data;
        var library = long.Parse(libraryText);
        await using var provider = new ServiceCollection().AddLogging().AddVitrine(new VitrineOptions { DataFolder = data.FullPath }).BuildServiceProvider();
        var browse = provider.GetRequiredService<BrowseIndex>();
        using var stop = new CancellationTokenSource();
        var rebuilding = provider.GetRequiredService<SnapshotRebuilder>().RunAsync(stop.Token);
        var seconds = run.Quick ? 3 : 20;

        BenchRun.Say("Commits while no order is kept…");
        var alone = await ChangeAsync(provider, library, run.Most, seed: 1, seconds);
        foreach (var sort in s_sorts)
            browse.Page(library, sort, false, null, 0, PageSize);

        BenchRun.Say("Cached reads while nothing else happens…");
        var idle = Read(browse, library, run.Most, Deadline(seconds));
        BenchRun.Say("Cached reads while the orders are read anew…");
        var (during, rebuilds, took) = await WhileRebuildingAsync(provider, browse, library, run.Most, seconds);
        BenchRun.Say("Cached reads while assets change…");
        var reading = Task.Run(() => Read(browse, library, run.Most, Deadline(seconds)), CancellationToken.None);
        var generation = Generations(browse);
        var changes = await ChangeAsync(provider, library, run.Most, seed: 2, seconds);
        var patching = await reading;
        var patches = Generations(browse) - generation;
        await stop.CancelAsync();
        await rebuilding.ContinueWith(_ => { }, TaskScheduler.Default);
        return
        [
            Figure.Told($"page of {PageSize} ids of {run.Most:N0} from memory, idle", idle.Text, $"{idle.Count:N0} reads"),
            Row("the same, while both orders are read anew without pause", during, $"{rebuilds} whole rebuilds, {Figure.Time(took)} each"),
            Row(
                $"the same, while {ChangedAtOnce} assets change per commit at full speed", patching,
                $"{changes:N0} changed per second, {patches / (double)seconds:0.0} patches per second; {alone:N0} changed per second before an order was kept"),
        ];
    }

    private static Figure Row(string what, Latencies latencies, string compared) => new(
        what, $"p99 ≤ {Budget:0} ms", latencies.Text, $"{latencies.Count:N0} reads; {compared}", latencies.At(0.99) <= Budget * 1000);

    private static async Task<(Latencies Reads, int Rebuilds, double Took)> WhileRebuildingAsync(
        IServiceProvider provider, BrowseIndex browse, long library, int count, int seconds)
    {
        var announcements = provider.GetRequiredService<Announcements>();
        long[] many = [.. Enumerable.Range(1, count / 4).Select(id => (long)id)]; // so many that a patch is not worth it
        using var swapped = new SemaphoreSlim(0);
        using var subscription = announcements.Subscribe(announcement =>
        {
            if (announcement is Announcement.CacheChanged)
                swapped.Release();
        });
        var deadline = Deadline(seconds);
        var reading = Task.Run(() => Read(browse, library, count, deadline), CancellationToken.None);
        var rebuilds = 0;
        while (Stopwatch.GetTimestamp() < deadline)
        {
            announcements.Announce(new Announcement.AssetsChanged(library, many));
            for (var order = 0; order < s_sorts.Length; order++, rebuilds++)
                await swapped.WaitAsync();
        }

        return (await reading, rebuilds, browse.Statistics.Average(statistics => statistics.LastRebuild.TotalMilliseconds));
    }

    /// <summary>How many assets per second got another time of capture and size, each commit told.</summary>
    private static async Task<double> ChangeAsync(IServiceProvider provider, long library, int count, int seed, int seconds)
    {
        var (database, announcements) = (provider.GetRequiredService<Database>(), provider.GetRequiredService<Announcements>());
        var random = new Random(seed);
        var (started, changed, deadline) = (Stopwatch.GetTimestamp(), 0L, Deadline(seconds));
        for (; Stopwatch.GetTimestamp() < deadline; changed += ChangedAtOnce)
        {
            long[] ids = [.. Enumerable.Range(0, ChangedAtOnce).Select(_ => random.NextInt64(1, count + 1))];
            await database.WriteAsync(
                transaction =>
                {
                    foreach (var id in ids)
                        transaction.Prepare("UPDATE assets SET captured_at = @at WHERE id = @id").Set("@at", random.NextInt64(1L << 50)).Set("@id", id).ExecuteNonQuery();
                    transaction.AfterCommit(() => announcements.Announce(new Announcement.AssetsChanged(library, ids)));
                },
                WriteUrgency.Urgent,
                CancellationToken.None);
        }

        return changed / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static long Generations(BrowseIndex browse) => browse.Statistics.Sum(statistics => statistics.Generation);

    private static long Deadline(int seconds) => Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);

    /// <summary>Pages at any offset, both ways, in turn of the orders, on this thread.</summary>
    private static Latencies Read(BrowseIndex browse, long library, int count, long deadline)
    {
        var (latencies, random) = (new Latencies(), new Random(1));
        for (var read = 0; ; read++)
        {
            var (offset, from) = (random.Next(count), Stopwatch.GetTimestamp());
            if (from >= deadline)
                return latencies;
            browse.Page(library, s_sorts[read % s_sorts.Length], read % 3 == 0, null, offset, PageSize);
            latencies.Add(Stopwatch.GetElapsedTime(from));
        }
    }

    /// <summary>Millions of short times, in tenths of microseconds up to 10 ms.</summary>
    private sealed class Latencies
    {
        private readonly int[] _tenths = new int[100_001];
        private double _worst;

        public long Count { get; private set; }

        public string Text => $"p50 {At(0.5):0.0} µs, p99 {At(0.99):0.0} µs, worst {_worst / 1000:0.00} ms";

        public void Add(TimeSpan time)
        {
            _tenths[Math.Min(_tenths.Length - 1, time.Ticks)]++;
            _worst = Math.Max(_worst, time.TotalMicroseconds);
            Count++;
        }

        /// <summary>Microseconds that this share of the reads did not exceed.</summary>
        public double At(double share)
        {
            var left = (long)Math.Ceiling(share * Count);
            var place = 0;
            while ((left -= _tenths[place]) > 0)
                place++;
            return place / 10.0;
        }
    }
}
