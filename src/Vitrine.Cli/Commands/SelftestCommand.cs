using System.CommandLine;
using Vitrine.Cli.Output;
using Vitrine.Cli.Selftest;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine selftest</c>: imports a folder that it makes while doing harm to the server, and proves that nothing is lost.</summary>
internal static class SelftestCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "About how long it takes. Default: 1.", HelpName = "M", DefaultValueFactory = _ => 1 };
        var seed = new Option<int?>("--seed") { Description = "Makes the same files and disturbances again. Default: another one each time.", HelpName = "N" };
        var json = SharedOptions.Json();
        var command = new Command("selftest", "Import a generated folder while killing processes and filling the disk, and prove that nothing is lost.") { minutes, seed, json };
        command.Validators.Add(given =>
        {
            if (given.GetValue(minutes) is not (> 0 and <= 24 * 60))
                given.AddError("--minutes takes a number above 0, up to a day.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan duration, int seed, bool json, CancellationToken cancellationToken)
    {
        var report = await SelftestRun.RunAsync(duration, seed, Console.Error.WriteLine, cancellationToken);
        if (json)
            CliJson.Print(report, CliJson.Writable.SelftestReport);
        else
            report.Print(Console.Out);
        return report.Passed ? ExitCode.Done : ExitCode.DoneWithFailures;
    }
}
