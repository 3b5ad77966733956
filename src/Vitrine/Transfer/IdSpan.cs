namespace Vitrine.Transfer;

/// <summary>The ids of one kind that a library uses.</summary>
/// <param name="First">The smallest.</param>
/// <param name="Count">Up to the largest, at least 1.</param>
internal readonly record struct IdSpan(long First, long Count)
{
    public static IdSpan Of(long? smallest, long? largest) =>
        smallest is { } first && largest is { } last ? new IdSpan(first, last - first + 1) : new IdSpan(1, 1);
}
