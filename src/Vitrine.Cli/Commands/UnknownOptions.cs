using System.CommandLine;
using System.CommandLine.Parsing;
using Vitrine.Server.Requests;

namespace Vitrine.Cli.Commands;

/// <summary>Words that look like options and are none: the parser would take them for folders, names or queries.</summary>
internal static class UnknownOptions
{
    /// <summary>A complaint about each; empty where all is well.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="args">The same as words: what follows a <c>--</c> is never an option.</param>
    public static IReadOnlyList<string> Complaints(ParseResult parsed, string[] args)
    {
        var end = Array.IndexOf(args, "--");
        var literal = end < 0 ? [] : args[(end + 1)..];
        var options = parsed.CommandResult.Command.Options.Where(option => !option.Hidden).Select(option => option.Name).Append("--help").ToList();
        return
        [
            .. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
                .Concat(parsed.UnmatchedTokens)
                .Where(word => word.Length > 1 && word[0] == '-' && !literal.Contains(word) && !Path.Exists(word))
                .Distinct()
                .Select(word => $"There is no option '{word}'.{NearestWord.Question(word, options)}"),
        ];
    }
}
