using System.Diagnostics.Metrics;

namespace Vitrine.Storage;

/// <summary>The writer's work. Touched once before the first write, so that the gauge is there from the start.</summary>
internal static class DatabaseMetrics
{
    private static readonly Histogram<double> s_commits =
        VitrineMeter.Duration("vitrine.database.commit.duration", "One group of writes, from its begin until it is durable; outcome: committed or failed.");

    private static readonly Counter<long> s_writes =
        VitrineMeter.Events.CreateCounter<long>("vitrine.database.writes", "{write}", "Pieces of work in those groups.");

    private static long s_waiting;

    static DatabaseMetrics() => VitrineMeter.Events.CreateObservableGauge(
        "vitrine.database.waiting", () => Interlocked.Read(ref s_waiting), "{write}", "Pieces of work that wait for the writer.");

    public static void Waiting(int difference) => Interlocked.Add(ref s_waiting, difference);

    public static void Ended(bool committed, int writes, TimeSpan duration)
    {
        s_commits.Record(duration.TotalSeconds, VitrineMeter.Tag("outcome", committed ? "committed" : "failed"));
        s_writes.Add(writes);
    }
}
