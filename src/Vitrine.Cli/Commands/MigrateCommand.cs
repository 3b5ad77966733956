using System.CommandLine;
using System.Data.Common;
using Vitrine.Cli.Output;
using Vitrine.Cli.Progress;
using Vitrine.Cli.Settings;
using Vitrine.Storage;
using Vitrine.Transfer;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine migrate --to CONNECTION</c>: moves libraries from the embedded database into PostgreSQL, checked; the source stays as it is.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var to = new Option<string?>("--to")
        {
            Description = "The PostgreSQL database, such as \"Host=db;Database=vitrine;Username=vitrine\". Default: $VITRINE_DATABASE, which other users of this machine do not see.",
            HelpName = "CONNECTION",
        };
        var libraries = new Option<string[]>("--library")
        {
            Description = "Only these libraries, by name or id; may be given several times. Default: all.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var derived = SharedOptions.Derived();
        var endpoint = SharedOptions.DerivedEndpoint();
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("migrate", "Move libraries whole from the embedded database into PostgreSQL; no server may run on the data folder.")
        {
            to, libraries, derived, endpoint, data, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            ProgramSettings.Read(
                parsed.GetValue(data),
                choice: EngineChoice.None with { Database = parsed.GetValue(to), Derived = parsed.GetValue(derived), DerivedEndpoint = parsed.GetValue(endpoint) }).Engine,
            parsed.GetValue(libraries) ?? [],
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(VitrineOptions options, IReadOnlyList<string> wanted, bool json, CancellationToken cancellationToken)
    {
        var connection = CheckConnection(options.Database);
        var began = TimeProvider.System.GetTimestamp();
        using var source = TransferSource.Open(options.DataFolder);
        var libraries = Choose(source.Libraries(), wanted);
        await using var target = TransferTarget.Open(connection);
        using var display = new TransferDisplay();
        var transfer = new LibraryTransfer(source, target, TimeProvider.System, display.Show);
        var obstacles = libraries.Select(transfer.ObstacleOrNull).OfType<string>().ToList();
        if (obstacles.Count > 0)
            throw CommandException.CouldNotRun(string.Join(Environment.NewLine + "vitrine: ", obstacles));
        var moved = new List<TransferredLibrary>();
        TransferredFiles? files;
        try
        {
            files = options.Derived is null ? null : await CopyDerivedAsync(options, source, libraries, display, cancellationToken);
            foreach (var library in libraries)
                moved.Add(await transfer.RunAsync(library, cancellationToken));
        }
        catch (TransferDiffersException exception)
        {
            throw CommandException.CouldNotRun(
                $"{exception.Message} It was not made visible there, and the data folder is as it was. The same command starts it over; if that does not help, "
                + "'vitrine doctor' looks at the data folder.");
        }
        catch (TransferRefusedException exception)
        {
            throw CommandException.CouldNotRun(exception.Message);
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or DbException or IOException)
        {
            throw CommandException.CouldNotRun($"{exception.Message.TrimEnd('.')}. The data folder is as it was. When that is mended, the same command goes on where this one stopped.");
        }

        display.End();
        MigrateSummary.Of(source.DataFolder, TransferTarget.Describe(connection), moved, files, TimeProvider.System.GetElapsedTime(began).TotalSeconds).Print(json);
        return ExitCode.Done;
    }

    private static string CheckConnection(string? connection) => connection switch
    {
        null or "" => throw CommandException.Usage("Where to is missing: --to \"Host=db;Database=vitrine;Username=vitrine\", or $VITRINE_DATABASE."),
        _ when connection.Contains("://", StringComparison.Ordinal) => throw CommandException.Usage(
            "--to takes a connection as Npgsql reads it, such as \"Host=db;Database=vitrine;Username=vitrine\", not a URL."),
        _ when !connection.Contains('=') => throw CommandException.Usage(
            $"--to takes a PostgreSQL connection, such as \"Host=db;Database=vitrine;Username=vitrine\", and '{connection}' is none. To copy the embedded database to a file there is 'vitrine backup'."),
        _ => connection,
    };

    private static IReadOnlyList<SourceLibrary> Choose(IReadOnlyList<SourceLibrary> all, IReadOnlyList<string> wanted)
    {
        if (wanted.Count == 0)
            return all;
        var chosen = new List<SourceLibrary>();
        foreach (var name in wanted)
        {
            var found = all.Where(library => $"{library.Id}" == name || library.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
            chosen.Add(found switch
            {
                [var library] => library,
                [] => throw CommandException.Usage(
                    $"There is no library '{name}' in this data folder. {(all.Count == 0 ? "It has none." : $"It has: {string.Join(", ", all.Select(library => library.Name))}.")}"),
                _ => throw CommandException.Usage($"Several libraries are named '{name}': give the id of one ({string.Join(", ", found.Select(library => library.Id))})."),
            });
        }

        return [.. chosen.Distinct()];
    }

    private static async Task<TransferredFiles> CopyDerivedAsync(
        VitrineOptions options, TransferSource source, IReadOnlyList<SourceLibrary> libraries, TransferDisplay display, CancellationToken cancellationToken)
    {
        var place = EngineServices.OpenDerived(options);
        try
        {
            return await new DerivedTransfer(source, place, display.Show).RunAsync(libraries, cancellationToken);
        }
        finally
        {
            (place as IDisposable)?.Dispose();
        }
    }
}
