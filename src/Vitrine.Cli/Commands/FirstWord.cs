using Vitrine.Server.Requests;

namespace Vitrine.Cli.Commands;

/// <summary>The first word of a command line: a command, a folder that is to be served, or a slip that is told.</summary>
internal static class FirstWord
{
    /// <summary>What other programs call a command.</summary>
    private static readonly Dictionary<string, string> s_called = new(StringComparer.OrdinalIgnoreCase)
    {
        ["list"] = "status",
        ["ls"] = "status",
        ["info"] = "status",
        ["add"] = "import",
        ["scan"] = "import",
        ["index"] = "import",
        ["start"] = "serve",
        ["run"] = "serve",
        ["find"] = "search",
        ["query"] = "search",
        ["remove"] = "forget",
        ["delete"] = "forget",
        ["rm"] = "forget",
        ["mv"] = "rename",
        ["errors"] = "failures",
        ["check"] = "doctor",
    };

    /// <summary>Whether the help of the program is wanted, and not that of one command.</summary>
    public static bool IsHelp(string[] args) => args is ["--help" or "-h" or "-?" or "/?" or "/h" or "help"] or ["help", "help" or "version" or ['-', ..], ..];

    public static bool IsVersion(string[] args) => args.TakeWhile(word => word != "--").Contains("--version") || args is ["version"] or ["version", ['-', ..], ..];

    /// <summary>The same command line with its command in front.</summary>
    /// <exception cref="CommandException">The first word is neither a command nor a folder.</exception>
    public static string[] Resolve(string[] args) => args switch
    {
        [] => ["serve"],
        ["help", .. var rest] => [.. Resolve(rest).TakeWhile(word => word != "--"), "--help"],
        [['-' or '/', ..], ..] => ["serve", .. args],
        [var first, ..] when CommandCatalogue.FindOrNull(first) is not null => args,
        [var first, ..] when MayBeFolder(first) => ["serve", .. args],
        [var first, ..] => throw CommandException.Usage($"There is no command '{first}'.{Meant(first)} 'vitrine --help' lists the commands."),
    };

    private static bool MayBeFolder(string word) => word.Length == 0 || word.AsSpan().IndexOfAny('/', '\\', '.') >= 0 || word[0] == '~' || Path.Exists(word);

    private static string Meant(string word) => s_called.TryGetValue(word, out var command)
        ? $" Did you mean {command}?"
        : NearestWord.Question(word, CommandCatalogue.All.Where(entry => entry.Group != CommandGroup.Hidden).Select(entry => entry.Name));
}
