namespace Vitrine.Cli.Selftest;

/// <summary>One self-test from an empty scratch folder to its report.</summary>
internal static class SelftestRun
{
    /// <summary>The rest of the time is for what was disturbed to settle, and for the proofs.</summary>
    private const double PartDisturbed = 0.7;

    /// <summary>Making some fifty small pictures: only what hangs takes so long.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <param name="duration">About how long all of it takes.</param>
    /// <param name="seed">Of the folder and the disturbances.</param>
    /// <param name="files">In the folder before the first disturbance.</param>
    /// <param name="tell">Is told what happens, for a person.</param>
    /// <param name="cancellationToken">Ends it; the scratch folder is removed.</param>
    public static async Task<SelftestReport> RunAsync(TimeSpan duration, int seed, int files, Action<string> tell, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        var scratch = Directory.CreateTempSubdirectory("vitrine-selftest-").FullName;
        var keep = false;
        try
        {
            tell($"Making files in {scratch} (seed {seed})…");
            var random = new Random(seed);
            var folder = new TestedFolder(Path.Join(scratch, "folder"), new FileMaker(await StockAsync(scratch, cancellationToken), random), random);
            folder.Fill(files);
            var data = Path.Join(scratch, "data");
            await using var ordeal = new Ordeal(folder, data, random, time);
            await ordeal.BeginAsync(cancellationToken);
            tell("Disturbing the import…");
            await ordeal.DisturbAsync(duration * PartDisturbed, cancellationToken);
            tell("Letting it settle…");
            IReadOnlyList<Proof> proofs;
            try
            {
                var library = await ordeal.SettleAsync(cancellationToken);
                await ordeal.EndAsync();
                tell("Proving…");
                proofs = await new Proofs(folder, data, library).AllAsync(ordeal.Misbehaviour, cancellationToken);
            }
            catch (CommandException exception)
            {
                proofs = [new Proof("the import comes to an end", 1, [.. ordeal.Misbehaviour, new Violation(null, exception.Message)])];
            }

            var passed = proofs.All(proof => proof.Holds);
            keep = !passed;
            return new SelftestReport(passed, seed, Math.Round(time.GetElapsedTime(began).TotalSeconds, 1), ordeal.Done, proofs, keep ? scratch : null);
        }
        finally
        {
            if (!keep)
                Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<string> StockAsync(string scratch, CancellationToken cancellationToken)
    {
        var stock = Directory.CreateDirectory(Path.Join(scratch, "stock")).FullName;
        var (exitCode, _, errors) = await ChildProgram.RunAsync(["selftest", stock], s_patience, cancellationToken);
        return exitCode == ExitCode.Done ? stock : throw CommandException.CouldNotRun($"the pictures for the test could not be made: {errors}");
    }
}
