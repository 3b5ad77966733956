using System.Diagnostics.Metrics;

namespace Vitrine.Progress;

/// <summary>The queue, which is how many assets stand where, and the messages about it.</summary>
internal static class ProgressMetrics
{
    /// <param name="libraries">The ids of all libraries at the moment it is called.</param>
    public static void Observe(Meter meter, ProgressBoard board, ProgressFeed feed, Func<IEnumerable<long>> libraries)
    {
        meter.CreateObservableGauge("vitrine.assets", () => Counts(board, libraries), "{asset}", "Assets by library and status: pending, indexed and embedding are the queue.");
        meter.CreateObservableCounter("vitrine.progress.offered", () => feed.Statistics.Offered, "{message}", "Progress messages that could have been sent.");
        meter.CreateObservableCounter("vitrine.progress.sent", () => feed.Statistics.Sent, "{message}", "Progress messages that were sent; the rest was outdated before.");
    }

    private static List<Measurement<long>> Counts(ProgressBoard board, Func<IEnumerable<long>> libraries)
    {
        var all = new List<Measurement<long>>();
        foreach (var library in libraries())
        {
            if (board.SnapshotOrNull(library)?.Counts is not { } counts)
                continue;
            foreach (var (status, count) in new[] { ("pending", counts.Pending), ("indexed", counts.Indexed), ("embedding", counts.Embedding), ("ready", counts.Ready), ("failed", counts.Failed) })
                all.Add(new Measurement<long>(count, VitrineMeter.Tag("library", $"{library}"), VitrineMeter.Tag("status", status)));
        }

        return all;
    }
}
