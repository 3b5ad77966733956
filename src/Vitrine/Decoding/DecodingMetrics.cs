using System.Diagnostics.Metrics;

namespace Vitrine.Decoding;

/// <summary>The decoders' work and their health.</summary>
internal static class DecodingMetrics
{
    private static readonly Histogram<double> s_inspections =
        VitrineMeter.Duration("vitrine.decode.duration", "One file in a decoder: read, hashed, decoded, thumbnail made. By format; none for what is no picture.");

    private static readonly Histogram<double> s_renditions =
        VitrineMeter.Duration("vitrine.render.duration", "One preview or thumbnail made because somebody asked for it, in a decoder.");

    private static readonly Histogram<double> s_pixels =
        VitrineMeter.Duration("vitrine.pixels.duration", "One batch of thumbnails read for the embedder, in a decoder.");

    public static void Answered<T>(T answer, TimeSpan worked)
    {
        switch (answer)
        {
            case Inspection inspection:
                s_inspections.Record(
                    worked.TotalSeconds,
                    VitrineMeter.Tag("format", inspection.Header?.Format ?? "none"),
                    VitrineMeter.Tag("outcome", inspection.Failure is null ? "ok" : "failed"));
                break;
            case RenderResult:
                s_renditions.Record(worked.TotalSeconds);
                break;
            default:
                s_pixels.Record(worked.TotalSeconds);
                break;
        }
    }

    public static void Observe(Meter meter, DecoderPool pool)
    {
        meter.CreateObservableGauge("vitrine.decoders", () => pool.Statistics.Processes, "{process}", "Decoders alive now.");
        meter.CreateObservableGauge("vitrine.decoders.waiting", () => pool.Statistics.Waiting, "{request}", "Requests that no decoder has taken yet.");
        meter.CreateObservableGauge("vitrine.decoders.memory", () => pool.Statistics.ResidentBytes.Sum(), "By", "Resident memory of all decoders, as of their last answers.");
        meter.CreateObservableCounter("vitrine.decoders.restarts", () => pool.Statistics.Restarts, "{process}", "Decoders that died or were killed.");
        meter.CreateObservableCounter("vitrine.decoders.recycled", () => pool.Statistics.Recycled, "{process}", "Decoders that were replaced in good health.");
    }
}
