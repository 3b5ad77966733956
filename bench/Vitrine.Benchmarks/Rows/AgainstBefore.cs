using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>What this build and the build before it took for the same, in turns in one run: only then is the ratio theirs and not the hour's.</summary>
internal sealed class AgainstBefore
{
    /// <summary>Milliseconds.</summary>
    public Samples Now { get; } = new();

    /// <summary>Milliseconds; none where <c>--before</c> named no build.</summary>
    public Samples Before { get; } = new();

    /// <summary>Adds to one of both.</summary>
    public void Add(bool isBefore, double time) => (isBefore ? Before : Now).Add(time);

    /// <summary>The row of the table, or none without a build before.</summary>
    /// <param name="budget">How much of the time before it may take, 1 for as much.</param>
    public IEnumerable<Figure> Row(string what, double budget, string more = "")
    {
        if (Before.Count == 0)
            return [];
        var ratio = Now.Median / Before.Median;
        return
        [
            new Figure(
                what, $"≤ {budget:0.00} × before", $"{ratio:0.00} × before", $"{this}, medians of {Now.Count} in turns{more}",
                ratio <= budget),
        ];
    }

    /// <summary>For what is only told beside a row.</summary>
    public override string ToString() => Before.Count == 0 ? Figure.Time(Now.Median) : $"{Figure.Time(Now.Median)}, before {Figure.Time(Before.Median)}";
}
