using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Libraries;
using Vitrine.Server.Errors;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>Failed assets and skipped paths.</summary>
internal static class FailuresApi
{
    public static void MapFailures(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/failures", Page).WithTags("failures").WithName("listFailures")
            .WithSummary("A page of failed assets, and what the last scan skipped")
            .WithDescription("By library and id. Skipped paths are listed in full on every page.");
        routes.MapGet("/api/failures/reasons", Reasons).WithTags("failures").WithName("listFailureReasons")
            .WithSummary("Failed assets by class")
            .WithDescription("The most frequent class first, each with the details of one of its failures.");
    }

    private static Results<Ok<FailurePage>, ProblemHttpResult> Page(
        FailureStore failures, LibraryStore libraries, long? library = null, string? reason = null, long offset = 0, int limit = 100)
    {
        if (PageLimits.ProblemOrNull(limit, offset) is { } problem)
            return problem;
        if (library is { } id && libraries.FindOrNull(id) is null)
            return Problems.NotFound($"library {id}");
        var (total, items) = failures.Page(library, offset, limit, reason);
        var skipped = library is { } one ? libraries.Skipped(one) : [.. libraries.All().SelectMany(each => libraries.Skipped(each.Id))];
        return TypedResults.Ok(new FailurePage(total, offset, [.. items.Select(FailureItem.Of)], skipped));
    }

    private static Results<Ok<FailureReasonList>, ProblemHttpResult> Reasons(FailureStore failures, LibraryStore libraries, long? library = null)
    {
        if (library is { } id && libraries.FindOrNull(id) is null)
            return Problems.NotFound($"library {id}");
        return TypedResults.Ok(new FailureReasonList(
            failures.Page(library, 0, 1).Total, [.. failures.Groups(library).Select(FailureReasonItem.Of)]));
    }
}
