using System.Collections.Concurrent;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>
/// Tells files that were edited from files that only got another name or other rights: they are read, and compared with what is known.
/// Nobody has to wait for a whole library to be indexed anew because its rights were changed.
/// </summary>
internal sealed class TouchedFiles(ScanIntake intake, VitrineOptions options)
{
    /// <summary>Files that are read before what they hold is written down.</summary>
    private const int SliceFiles = 1000;

    /// <summary>Settles what the scan met so far.</summary>
    /// <param name="root">Of the library.</param>
    public async Task<ScanChanges> SettleAsync(ScanSession scan, string root, JobReport report, CancellationToken cancellationToken)
    {
        var changes = default(ScanChanges);
        var done = 0;
        foreach (var slice in scan.Touched.Keys.Order().Chunk(SliceFiles))
        {
            var touched = intake.TouchedAssets(slice);
            var compared = new ConcurrentDictionary<long, bool>();
            var reading = new ParallelOptions { MaxDegreeOfParallelism = options.Indexing.Readers, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(touched, reading, async (asset, stop) =>
            {
                await report.WaitWhilePausedAsync(stop);
                if (asset.Sha256 is { } known && await FileContent.Sha256OrNullAsync(root, asset.Path, asset.Stamp, stop) is { } now)
                    compared[asset.AssetId] = known.AsSpan().SequenceEqual(now);
                var count = Interlocked.Increment(ref done);
                if (count % 100 == 1 || count == scan.Touched.Count)
                    report.Say($"comparing files that were touched: {count:N0} of {scan.Touched.Count:N0}");
            });
            changes += await intake.SettleTouchedAsync(scan, touched, compared, cancellationToken);
        }

        scan.Touched.Clear();
        return changes;
    }
}
