using System.Diagnostics.Metrics;

namespace Vitrine;

/// <summary>
/// The meter under which everything is measured. What happens is counted by instruments that stand beside the feature, once per process;
/// what is, is looked up when it is asked for, by a meter of the engine that is asked. docs/metrics.md lists all of them.
/// </summary>
internal static class VitrineMeter
{
    public const string Name = "Vitrine";

    /// <summary>For counters and durations. Without a listener a measurement costs some nanoseconds.</summary>
    public static Meter Events { get; } = new(Name);

    /// <summary>Of durations in seconds, from one millisecond to a minute.</summary>
    public static InstrumentAdvice<double> Durations { get; } =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

    /// <summary>A histogram of seconds.</summary>
    public static Histogram<double> Duration(string name, string description) =>
        Events.CreateHistogram(name, "s", description, tags: null, Durations);

    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
