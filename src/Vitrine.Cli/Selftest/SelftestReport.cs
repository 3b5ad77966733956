namespace Vitrine.Cli.Selftest;

/// <summary>What was done and what was proven.</summary>
/// <param name="Seed">Gives the same disturbances again, though not at the same instants.</param>
/// <param name="KeptIn">The scratch folder, kept when something did not hold.</param>
internal sealed record SelftestReport(bool Passed, int Seed, double Seconds, Disturbances Done, IReadOnlyList<Proof> Proofs, string? KeptIn)
{
    private const int ShownViolations = 20;

    public void Print(TextWriter output)
    {
        output.WriteLine($"Self-test, seed {Seed}, {Seconds:N0} s");
        output.WriteLine(
            $"  done    {Done.ServerKills} server kills, {Done.ServerStops} stops, {Done.DecoderKills} decoder kills, {Done.FullDisks} full disks ({Done.FullDiskSeconds:N1} s), "
            + $"{Done.FolderChanges} changes in the folder, {Done.Requests} requests ({Done.RefusedRequests} refused)");
        foreach (var proof in Proofs)
        {
            output.WriteLine($"  {(proof.Holds ? "holds " : "BROKEN")}  {proof.Claim} ({proof.Looked:N0} looked at)");
            foreach (var violation in proof.Violations.Take(ShownViolations))
                output.WriteLine($"            {(violation.File is null ? "" : $"{violation.File}: ")}{violation.Detail}");
            if (proof.Violations.Count > ShownViolations)
                output.WriteLine($"            … and {proof.Violations.Count - ShownViolations:N0} more");
        }

        output.WriteLine(Passed ? "All of it holds." : $"Not all of it holds. The folder, the data and the server's log are kept in {KeptIn}.");
    }
}
