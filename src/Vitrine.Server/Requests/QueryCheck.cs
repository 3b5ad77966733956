using Microsoft.AspNetCore.Http;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Requests;

/// <summary>Compares the query of an address with what the call takes.</summary>
internal static class QueryCheck
{
    private const int LongestShown = 100;

    public static Refusal? RefusalOrNull(RequestShape shape, IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (shape.Query.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } known)
                return new Refusal(ProblemKind.UnknownParameter, Unknown(name, shape));
            if (values.Count > 1)
                return new Refusal(ProblemKind.BadParameter, $"{known.Name} is given {values.Count} times; give it once.");
            var value = values.ToString();
            if (value.Contains('\0'))
                return new Refusal(ProblemKind.BadParameter, $"{known.Name} holds a NUL character, which is in no text. Leave it out.");
            if (!known.Takes(value))
                return new Refusal(ProblemKind.BadParameter, $"{known.Name} is '{Shown(value)}'; it must be {known.Expected}.");
        }

        return shape.Query.FirstOrDefault(parameter => parameter.IsNeeded && !query.ContainsKey(parameter.Name)) is { } missing
            ? new Refusal(ProblemKind.BadParameter, $"{missing.Name} is missing; give it in the address, as ?{missing.Name}=….")
            : null;
    }

    private static string Unknown(string name, RequestShape shape)
    {
        var known = shape.Query.Select(parameter => parameter.Name).ToList();
        return known.Count == 0
            ? $"There is no parameter '{Shown(name)}': this call takes none."
            : $"There is no parameter '{Shown(name)}'.{NearestWord.QuotedQuestion(name, known)} Known: {string.Join(", ", known)}.";
    }

    private static string Shown(string text) => text.Length <= LongestShown ? text : $"{text[..LongestShown]}…";
}
