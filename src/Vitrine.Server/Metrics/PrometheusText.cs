using System.Globalization;
using System.Text;

namespace Vitrine.Server.Metrics;

/// <summary>
/// Text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/. Per metric <c># HELP</c>, <c># TYPE</c>, then a line per set of
/// labels; a histogram has cumulative buckets up to <c>le="+Inf"</c>, a sum and a count.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics.OrderBy(metric => metric.Name.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name.Name} {EscapeHelp(metric.Description)}\n# TYPE {metric.Name.Name} {metric.Name.Type}\n");
            foreach (var (labels, series) in metric.Series)
            {
                if (metric.Name.Type == "histogram")
                    WriteHistogram(text, metric, labels, series);
                else
                    WriteLine(text, metric.Name.Name, labels, series.Read().Sum);
            }
        }

        return text.ToString();
    }

    public static string EscapeLabel(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    public static string EscapeHelp(string text) => text.Replace("\\", "\\\\").Replace("\n", "\\n");

    private static void WriteHistogram(StringBuilder text, Metric metric, string labels, Series series)
    {
        var (sum, count, buckets) = series.Read();
        var comma = labels.Length == 0 ? "" : ",";
        var below = 0L;
        for (var i = 0; i < buckets.Length; i++)
            WriteLine(text, $"{metric.Name.Name}_bucket", $"{labels}{comma}le=\"{Number(metric.Bounds[i])}\"", below += buckets[i]);
        WriteLine(text, $"{metric.Name.Name}_bucket", $"{labels}{comma}le=\"+Inf\"", count);
        WriteLine(text, $"{metric.Name.Name}_sum", labels, sum);
        WriteLine(text, $"{metric.Name.Name}_count", labels, count);
    }

    private static void WriteLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);
}
