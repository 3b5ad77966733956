using System.CommandLine;
using Vitrine.Cli.Output;
using Vitrine.Cli.Settings;
using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine backup FILE</c>: the database of one moment as one file, also while a server runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where the backup goes. Thumbnails are not in it: they are made again." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a file that is there already." };
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("backup", "Copy the database to a file, also while a server runs.") { file, overwrite, data, json };
        command.SetAction(parsed => Run(
            ProgramSettings.Read(parsed.GetValue(data)), parsed.GetRequiredValue(file), parsed.GetValue(overwrite), parsed.GetValue(json)));
        return command;
    }

    private static int Run(ProgramSettings settings, string file, bool overwrite, bool json)
    {
        if (settings.Engine.Database is not null)
            throw CommandException.CouldNotRun("The database is a PostgreSQL server: back it up with its own pg_dump. 'vitrine backup' copies the embedded database only.");
        file = FileArgument.Absolute(file);
        if (!overwrite && Path.Exists(file))
            throw CommandException.Usage($"{file} is there already. Give another name, or --overwrite.");
        var bytes = DatabaseBackup.Write(settings.Engine.DataFolder, file, overwrite);
        if (json)
            CliJson.Print(new BackupSummary(settings.Engine.DataFolder, file, bytes), CliJson.Writable.BackupSummary);
        else
            Console.WriteLine($"{file}: {bytes / 1048576.0:N1} MiB, whole. 'vitrine restore' puts it back.");
        return ExitCode.Done;
    }
}
