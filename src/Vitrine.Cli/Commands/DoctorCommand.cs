using System.CommandLine;
using System.Reflection;
using Vitrine.Cli.Diagnosis;
using Vitrine.Cli.Output;
using Vitrine.Cli.Settings;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine doctor</c>: what is installed, what it can read, and whether the data is whole.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("doctor", "Check versions, readable formats, the data folder and its database.") { data, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(ProgramSettings.Read(parsed.GetValue(data)), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProgramSettings settings, bool json, CancellationToken cancellationToken)
    {
        var version = typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Check[] checks =
        [
            .. SystemChecks.All(),
            .. await DecoderChecks.AllAsync(settings.Engine.Decoding, cancellationToken),
            .. DataFolderChecks.All(settings.Engine.DataFolder),
        ];
        var report = new DoctorReport(version, Array.TrueForAll(checks, check => check.State != CheckState.Broken), checks);
        if (json)
            CliJson.Print(report, CliJson.Writable.DoctorReport);
        else
            Print(report);
        return report.Fine ? ExitCode.Done : ExitCode.DoneWithFailures;
    }

    private static void Print(DoctorReport report)
    {
        Console.WriteLine($"Vitrine {report.Version}");
        var width = report.Checks.Max(check => check.Name.Length);
        foreach (var check in report.Checks)
            Console.WriteLine($"{check.State.ToString().ToLowerInvariant(),-7}  {check.Name.Replace('_', ' ').PadRight(width)}  {check.Detail}");
    }
}
