using System.CommandLine;
using Vitrine.Cli.Output;
using Vitrine.Cli.Selftest;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine selftest</c>: imports a folder that it makes while doing harm to the server, and proves that nothing is lost.</summary>
internal static class SelftestCommand
{
    private const double LongestMinutes = 24 * 60;
    private const int FewestFiles = 10, UsualFiles = 600, MostFiles = 1_000_000;

    public static Command Create()
    {
        var minutes = NumberOption.Create<double>("--minutes", "a number above 0, up to a day", "M", "About how long it takes. Default: 1.");
        var seed = NumberOption.Create<int>("--seed", "a whole number", "N", "Makes the same files and disturbances again. Default: another one each time.");
        var files = NumberOption.Create<int>("--files", $"a whole number, {FewestFiles} to {MostFiles:N0}", "N", $"Files in the folder at first. Default: {UsualFiles}.");
        var json = SharedOptions.Json();
        var command = new Command("selftest", "Import a generated folder while killing processes and filling the disk, and prove that nothing is lost.") { minutes, seed, files, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(minutes) ?? 1, parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000), parsed.GetValue(files) ?? UsualFiles, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(double minutes, int seed, int files, bool json, CancellationToken cancellationToken)
    {
        if (minutes is not (> 0 and <= LongestMinutes))
            throw CommandException.Usage("--minutes takes a number above 0, up to a day.");
        if (files is < FewestFiles or > MostFiles)
            throw CommandException.Usage($"--files takes a whole number, {FewestFiles} to {MostFiles:N0}.");
        var report = await SelftestRun.RunAsync(TimeSpan.FromMinutes(minutes), seed, files, Console.Error.WriteLine, cancellationToken);
        if (json)
            CliJson.Print(report, CliJson.Writable.SelftestReport);
        else
            report.Print(Console.Out);
        return report.Passed ? ExitCode.Done : ExitCode.DoneWithFailures;
    }
}
