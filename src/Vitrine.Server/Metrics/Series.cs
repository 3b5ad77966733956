namespace Vitrine.Server.Metrics;

/// <summary>One line of a metric, or the lines of one histogram: the values under one set of labels.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="bounds">Upper bounds of a histogram's buckets, ascending; null for a plain value.</param>
internal sealed class Series(IReadOnlyList<double>? bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds?.Count ?? 0];
    private double _sum;
    private long _count;

    /// <summary>Something happened: a counter's step, or a histogram's value.</summary>
    public void Add(double value)
    {
        lock (_gate)
        {
            _sum += value;
            _count++;
            for (var i = 0; i < _buckets.Length; i++)
            {
                if (value > bounds![i])
                    continue;
                _buckets[i]++;
                break;
            }
        }
    }

    /// <summary>How something is now.</summary>
    public void Set(double value)
    {
        lock (_gate)
            _sum = value;
    }

    /// <returns>The value or the sum, how often it was added to, and how many in each bucket alone.</returns>
    public (double Sum, long Count, long[] Buckets) Read()
    {
        lock (_gate)
            return (_sum, _count, [.. _buckets]);
    }
}
