using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Api;

/// <summary>How much of a list one answer may have.</summary>
internal static class PageLimits
{
    /// <summary>Items of a page.</summary>
    public const int Items = 500;

    /// <summary>Assets that are like another one.</summary>
    public const int Neighbours = 200;

    /// <summary>What is wrong with the page that is asked for; null when nothing is.</summary>
    /// <param name="limit">How many items are asked for: 1 to <paramref name="most"/>.</param>
    /// <param name="offset">How many stand before them: 0 or more.</param>
    /// <param name="most">As many as one answer may have.</param>
    public static ProblemHttpResult? ProblemOrNull(int limit, long offset = 0, int most = Items) =>
        offset < 0 ? Problems.Of(ProblemKind.BadParameter, $"offset is {offset}; it must be 0 or more.")
        : limit < 1 || limit > most ? Problems.Of(ProblemKind.BadParameter, $"limit is {limit}; it must be 1 to {most}.")
        : null;
}
