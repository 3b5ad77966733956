using System.CommandLine;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Libraries;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine search QUERY</c>: the paths of the files that match, in one library or all.</summary>
internal static class SearchCommand
{
    private const int Page = 500;

    public static Command Create()
    {
        var query = new Argument<string[]>("QUERY")
        {
            Description = "Words and filters, such as beach, tag:summer, status:failed or kind:model; a file has to match all of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var library = SharedOptions.Library();
        var limit = NumberOption.Create<int>("--limit", "a whole number above 0", "N", "Print at most so many paths of all that match. Default: every one.");
        var ends = new Option<bool>("--null", "-0") { Description = "End each path with a NUL character instead of a line break, as 'xargs -0' takes them." };
        var json = SharedOptions.Json();
        var command = new Command("search", "Print the paths of the files that match, by library and path.") { query, library, limit, ends, json };
        command.Validators.Add(given =>
        {
            if (SharedOptions.IsGiven(given, ends) && SharedOptions.IsGiven(given, json))
                given.AddError("Give --null or --json, not both.");
        });
        var connection = SharedOptions.AddConnection(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            connection(parsed), string.Join(' ', parsed.GetRequiredValue(query)), parsed.GetValue(library), parsed.GetValue(limit), Shown(parsed.GetValue(ends)), parsed.GetValue(json), cancellationToken));
        return command;
    }

    /// <summary>How a path is printed: on a terminal cleaned, for programs as it is.</summary>
    private static Action<string> Shown(bool withNul) => withNul ? path => TerminalWriter.Document.Write($"{path}\0")
        : Console.IsOutputRedirected ? TerminalWriter.Document.WriteLine
        : path => Console.WriteLine(TerminalText.OneLine(path));

    private static async Task<int> RunAsync(
        ConnectionChoice choice, string query, string? library, int? limit, Action<string> show, bool json, CancellationToken cancellationToken)
    {
        if (limit < 1)
            throw CommandException.Usage($"--limit takes a whole number above 0; '{limit}' is none.");
        CheckLength(query);
        await using var reading = await ReadingConnection.OpenAsync(choice, cancellationToken);
        var libraries = await LibraryChoice.FindAsync(reading.Libraries, library, cancellationToken);
        var items = new List<FoundAsset>();
        var (total, printed) = (0L, 0);
        foreach (var one in libraries)
        {
            var left = (limit ?? int.MaxValue) - printed;
            await foreach (var page in PagesAsync(reading.Libraries, one, query, left, cancellationToken))
            {
                total += page.Offset == 0 ? page.Total : 0;
                var found = page.Items.Take(left - (int)page.Offset).Select(asset => FoundAsset.Of(one, asset)).ToList();
                printed += found.Count;
                if (json)
                    items.AddRange(found);
                else
                    found.ForEach(asset => show(asset.File));
            }
        }

        if (json)
            CliJson.Print(new SearchReport(query, total, items), CliJson.Writable.SearchReport);
        else if (reading.IsNothingThere)
            await Console.Error.WriteLineAsync(reading.NothingThere);
        else if (total == 0)
            await Console.Error.WriteLineAsync($"Nothing matches '{query}'.");
        else if (printed < total)
            await Console.Error.WriteLineAsync($"{printed:N0} of {total:N0} that match.");
        foreach (var one in libraries.Where(one => one.Progress.Scanning || one.Progress.Pending > 0))
            await Console.Error.WriteLineAsync($"{TerminalText.OneLine(one.Name)} is not done: of {one.Progress.Pending:N0} files only the paths could be searched so far.");
        return ExitCode.Done;
    }

    /// <summary>What no search takes is said here: a server may not take an address as long as that.</summary>
    private static void CheckLength(string query)
    {
        try
        {
            if (query.Length > AssetFilter.Longest)
                AssetFilter.Parse(query);
        }
        catch (FormatException exception)
        {
            throw CommandException.Usage(exception.Message);
        }
    }

    /// <summary>At least the first page, for its total.</summary>
    private static async IAsyncEnumerable<AssetPage> PagesAsync(
        ILibraryReader libraries, LibraryItem library, string query, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var offset = 0; ; offset += Page)
        {
            var page = await libraries.SearchAsync(library.LibraryId, query, offset, Page, cancellationToken);
            yield return page;
            if (page.Items.Count == 0 || offset + Page >= Math.Min(page.Total, most))
                yield break;
        }
    }
}
