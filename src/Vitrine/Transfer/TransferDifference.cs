namespace Vitrine.Transfer;

/// <summary>One thing in which source and target differ.</summary>
/// <param name="Table">The table, or what was counted.</param>
/// <param name="Source">What the source has.</param>
/// <param name="Target">What the target has.</param>
/// <param name="Examples">Some of the rows, by the path of their asset or by their own; empty where none can be named.</param>
public sealed record TransferDifference(string Table, string Source, string Target, IReadOnlyList<string> Examples)
{
    public override string ToString() =>
        $"{Table}: {Source} there, {Target} here{(Examples.Count > 0 ? $", such as {string.Join(", ", Examples)}" : "")}";
}
