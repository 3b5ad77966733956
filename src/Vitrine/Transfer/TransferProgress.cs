namespace Vitrine.Transfer;

/// <summary>What a move is at.</summary>
/// <param name="Library">The library's name.</param>
/// <param name="Step">What is being done.</param>
/// <param name="Done">Assets copied, rows compared, or pictures looked at.</param>
/// <param name="Total">Of how many; 0 where that is not known.</param>
public readonly record struct TransferProgress(string Library, TransferStep Step, long Done, long Total);
