using System.CommandLine;
using Vitrine.Cli.Output;
using Vitrine.Cli.Settings;
using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine restore FILE</c>: puts a backup in the place of the database and keeps that aside.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "What 'vitrine backup' wrote." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("restore", "Put a backup in the place of the database; no server may run. What was there is kept aside.") { file, data, json };
        command.SetAction(parsed => Run(ProgramSettings.Read(parsed.GetValue(data)), parsed.GetRequiredValue(file), parsed.GetValue(json)));
        return command;
    }

    private static int Run(ProgramSettings settings, string file, bool json)
    {
        if (settings.Engine.Database is not null)
            throw CommandException.CouldNotRun("The database is a PostgreSQL server: put a dump of pg_dump back with its own pg_restore. 'vitrine restore' replaces the embedded database only.");
        file = FileArgument.Absolute(file);
        if (!File.Exists(file))
            throw CommandException.Usage($"There is no file {file}. Give one that 'vitrine backup' wrote.");
        using var held = DataFolder.Hold(settings.Engine.DataFolder);
        var aside = DatabaseRestore.Run(held, file, TimeProvider.System.GetUtcNow());
        if (json)
            CliJson.Print(new RestoreSummary(held.FullPath, file, aside), CliJson.Writable.RestoreSummary);
        else
            Print(held, file, aside);
        return ExitCode.Done;
    }

    private static void Print(DataFolder held, string file, string? aside)
    {
        Console.WriteLine($"{held.FullPath} has the database of {file}.");
        if (aside is not null)
            Console.WriteLine($"The one that was there is kept as {aside}; remove it when all is well.");
        Console.WriteLine("Thumbnails that are missing are made again when they are looked at; 'vitrine doctor --repair' has all of them made.");
    }
}
