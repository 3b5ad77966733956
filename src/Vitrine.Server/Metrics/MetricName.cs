using System.Diagnostics.Metrics;

namespace Vitrine.Server.Metrics;

/// <summary>An instrument's name and kind as Prometheus has them: <c>vitrine.decode.duration</c> in <c>s</c> is <c>vitrine_decode_duration_seconds</c>.</summary>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
internal sealed record MetricName(string Name, string Type)
{
    public static MetricName Of(Instrument instrument)
    {
        var type = TypeOf(instrument);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return new MetricName($"{instrument.Name.Replace('.', '_')}{unit}{(type == "counter" ? "_total" : "")}", type);
    }

    private static string TypeOf(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>))
            return "counter";
        return kind == typeof(Histogram<>) ? "histogram" : "gauge";
    }
}
