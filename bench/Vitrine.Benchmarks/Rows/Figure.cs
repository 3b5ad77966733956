namespace Vitrine.Benchmarks.Rows;

/// <summary>One line of the table.</summary>
/// <param name="What">What was measured, with its size.</param>
/// <param name="Must">The budget, as issue and product description state it; empty for what is only told.</param>
/// <param name="Measured">The median, or the percentile that the budget names.</param>
/// <param name="Compared">Ratios and what explains the figure.</param>
/// <param name="Met">Null where there is no budget.</param>
internal sealed record Figure(string What, string Must, string Measured, string Compared, bool? Met)
{
    public static Figure Told(string what, string measured, string compared = "") => new(what, "", measured, compared, null);

    /// <summary>Milliseconds below a second, seconds above.</summary>
    public static string Time(double milliseconds) => milliseconds switch
    {
        < 10 => $"{milliseconds:0.0} ms",
        < 1000 => $"{milliseconds:0} ms",
        _ => $"{milliseconds / 1000:0.00} s",
    };

    public static string Mebibytes(long bytes) => $"{bytes >> 20} MB";
}
