using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Vitrine.Server.Metrics;

/// <summary>All that was measured by one instrument.</summary>
internal sealed class Metric(Instrument instrument)
{
    private readonly ConcurrentDictionary<Labels, Series> _series = new();
    private readonly IReadOnlyList<double>? _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries;

    public MetricName Name { get; } = MetricName.Of(instrument);

    public string Description => instrument.Description ?? "";

    public IReadOnlyList<double> Bounds => _bounds ?? [];

    /// <summary>Labels as text and values, in the order of the text.</summary>
    public IEnumerable<(string Labels, Series Series)> Series =>
        _series.Select(series => (Labels: series.Key.ToString(), series.Value)).OrderBy(series => series.Labels, StringComparer.Ordinal);

    public void Measured(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _series.GetOrAdd(Labels.Of(tags), static (_, bounds) => new Series(bounds), _bounds);
        if (instrument.IsObservable)
            series.Set(value);
        else
            series.Add(value);
    }

    /// <summary>What is looked up is looked up anew each time: a library that is forgotten, or a cache that was dropped, has no line any more.</summary>
    public void ForgetLookedUp()
    {
        if (instrument.IsObservable)
            _series.Clear();
    }

    /// <summary>Up to three labels; an instrument always gives its own in the same order.</summary>
    /// <remarks>Compared by hand: the pairs' own way boxes each of them, at each measurement.</remarks>
    private readonly record struct Labels(KeyValuePair<string, object?> First, KeyValuePair<string, object?> Second, KeyValuePair<string, object?> Third)
    {
        public bool Equals(Labels other) => IsSame(First, other.First) && IsSame(Second, other.Second) && IsSame(Third, other.Third);

        public override int GetHashCode() => HashCode.Combine(First.Key, First.Value, Second.Key, Second.Value, Third.Key, Third.Value);

        private static bool IsSame(in KeyValuePair<string, object?> one, in KeyValuePair<string, object?> other) =>
            one.Key == other.Key && Equals(one.Value, other.Value);

        public static Labels Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            new(tags.Length > 0 ? tags[0] : default, tags.Length > 1 ? tags[1] : default, tags.Length > 2 ? tags[2] : default);

        public override string ToString() => string.Join(',', new[] { First, Second, Third }.Where(tag => tag.Key is not null)
            .Select(tag => $"{tag.Key}=\"{PrometheusText.EscapeLabel(tag.Value?.ToString() ?? "")}\""));
    }
}
