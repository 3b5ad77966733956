using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Vitrine.Cli.Commands;

/// <summary>Options that take a number, and say so in words where they are given anything else.</summary>
internal static class NumberOption
{
    /// <param name="name">Such as <c>--seed</c>.</param>
    /// <param name="takes">Such as <c>a whole number</c>.</param>
    /// <param name="helpName">What stands for the value in the help.</param>
    public static Option<T?> Create<T>(string name, string takes, string helpName, string description)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => ReadOrNull<T>(result, text => $"{name} takes {takes}; '{text}' is none."),
        };

    /// <summary>The number that was given; null, with the complaint kept, where it is none.</summary>
    public static T? ReadOrNull<T>(ArgumentResult result, Func<string, string> complaint)
        where T : struct, IParsable<T>
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";
        if (T.TryParse(text, CultureInfo.InvariantCulture, out var number))
            return number;
        result.AddError(complaint(text));
        return null;
    }
}
