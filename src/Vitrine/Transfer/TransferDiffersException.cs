namespace Vitrine.Transfer;

/// <summary>What arrived is not what was there: the library was not made visible, and the next run starts over.</summary>
/// <param name="library">Its name.</param>
/// <param name="differences">What differs.</param>
public sealed class TransferDiffersException(string library, IReadOnlyList<TransferDifference> differences)
    : Exception($"'{library}' did not arrive as it was: {string.Join("; ", differences.Select(difference => difference.ToString()))}.")
{
    public IReadOnlyList<TransferDifference> Differences { get; } = differences;
}
