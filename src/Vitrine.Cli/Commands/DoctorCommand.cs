using System.CommandLine;
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
        var database = SharedOptions.Database();
        var json = SharedOptions.Json();
        var quick = new Option<bool>("--quick") { Description = "Leave out what looks at every file." };
        var repair = new Option<bool>("--repair") { Description = "Mend what is safe to mend, and say what was done; no server may run. Pictures are never touched." };
        var command = new Command("doctor", "Check versions, readable formats, the data folder, its database and its thumbnails.") { data, database, quick, repair, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            ProgramSettings.Read(parsed.GetValue(data), choice: EngineChoice.None with { Database = parsed.GetValue(database) }), parsed.GetValue(quick), parsed.GetValue(repair), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProgramSettings settings, bool quick, bool repair, bool json, CancellationToken cancellationToken)
    {
        var folder = settings.Engine.DataFolder;
        if (repair && settings.Engine.Database is not null)
            throw CommandException.CouldNotRun("--repair mends the embedded database only. What goes wrong on PostgreSQL is put back from a dump of pg_dump.");
        IReadOnlyList<string> repairs = repair && Directory.Exists(folder) ? Repair.Run(folder, TimeProvider.System, cancellationToken) : [];
        Check[] checks =
        [
            .. SystemChecks.All(),
            .. await DecoderChecks.AllAsync(settings.Engine.Decoding, cancellationToken),
            .. DataFolderChecks.All(folder),
            .. settings.Engine.Database is { } connection ? PostgresCheck.All(connection) : DatabaseChecks.All(folder, everyFile: !quick, TimeProvider.System, cancellationToken),
        ];
        var report = new DoctorReport(CommandLine.Version, Array.TrueForAll(checks, check => check.State != CheckState.Problem), checks, repairs);
        if (json)
            CliJson.Print(report, CliJson.Writable.DoctorReport);
        else
            Print(report, repair);
        return report.Fine ? ExitCode.Done : ExitCode.DoneWithFailures;
    }

    private static void Print(DoctorReport report, bool repaired)
    {
        Console.WriteLine($"Vitrine {report.Version}");
        var width = report.Checks.Max(check => check.Name.Length);
        foreach (var check in report.Checks)
            Console.WriteLine($"{check.State.ToString().ToLowerInvariant(),-7}  {check.Name.Replace('_', ' ').PadRight(width)}  {check.Detail}");
        foreach (var done in report.Repairs)
            Console.WriteLine($"repaired  {done}");
        if (repaired && report.Repairs.Count == 0)
            Console.WriteLine("Nothing had to be repaired.");
    }
}
