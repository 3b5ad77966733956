using System.Diagnostics.Metrics;
using Vitrine.Progress;

namespace Vitrine.Work;

/// <summary>Claims and what became of them.</summary>
internal static class WorkMetrics
{
    private static readonly Counter<long> s_claims =
        VitrineMeter.Events.CreateCounter<long>("vitrine.claims", "{asset}", "Assets claimed for a stage; visible: because somebody looks at them.");

    private static readonly Histogram<double> s_units =
        VitrineMeter.Duration("vitrine.stage.duration", "From a claim until it was settled: of one asset for metadata, of a batch for embedding.");

    private static readonly Counter<long> s_settled =
        VitrineMeter.Events.CreateCounter<long>("vitrine.claims.settled", "{asset}", "How claims ended: finished, failed, retried (tried again later), put_off (folder away), handed_back (shutdown).");

    private static readonly Counter<long> s_failures =
        VitrineMeter.Events.CreateCounter<long>("vitrine.failures", "{asset}", "Assets that failed, by the class of the reason: damaged, cut_off, not_supported and so on.");

    public static void Claimed(Stage stage, IReadOnlyList<Claim> claims)
    {
        var visible = claims.Count(claim => claim.Visible);
        Count(visible, "true");
        Count(claims.Count - visible, "false");

        void Count(int count, string isVisible)
        {
            if (count > 0)
                s_claims.Add(count, VitrineMeter.Tag("stage", NameOf(stage)), VitrineMeter.Tag("visible", isVisible));
        }
    }

    public static void Ended(Stage stage, TimeSpan duration) => s_units.Record(duration.TotalSeconds, VitrineMeter.Tag("stage", NameOf(stage)));

    public static void Failed(FailureReason reason) => s_failures.Add(1, VitrineMeter.Tag("class", reason.Code));

    public static void Settled(string outcome, int count) => s_settled.Add(count, VitrineMeter.Tag("outcome", outcome));

    public static void Observe(Meter meter, NamedJobs jobs) =>
        meter.CreateObservableGauge("vitrine.jobs.running", () => jobs.All().Count(job => job.Status == JobStatus.Running), "{job}", "Named jobs that run now.");

    private static string NameOf(Stage stage) => stage == Stage.Metadata ? "metadata" : "embedding";
}
