using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Vitrine.Server.Api;

namespace Vitrine.Server.Errors;

/// <summary>Every error as problem details: what is wrong and what to do.</summary>
internal static class Problems
{
    /// <param name="what">With its id, such as "library 7".</param>
    public static ProblemHttpResult NotFound(string what) => Of(ProblemKind.NotFound, $"There is no {what}. It may have been removed.");

    /// <param name="detail">What is wrong, where, and what to do: whole sentences, without names from inside the program.</param>
    public static ProblemHttpResult Of(ProblemKind kind, string detail) => TypedResults.Problem(Details(kind, detail));

    public static Task WriteAsync(HttpContext context, ProblemKind kind, string detail)
    {
        context.Response.StatusCode = kind.Status;
        return context.Response.WriteAsJsonAsync(Details(kind, detail), ApiJson.Readable.ProblemDetails, "application/problem+json", context.RequestAborted);
    }

    /// <param name="taken">The methods that the address takes.</param>
    public static Task WriteMethodNotAllowedAsync(HttpContext context, IReadOnlyList<string> taken)
    {
        context.Response.Headers.Allow = string.Join(", ", taken);
        var request = context.Request;
        return WriteAsync(
            context, ProblemKind.MethodNotAllowed, $"{request.Path} does not take {request.Method}. It takes {string.Join(", ", taken)}. The API is described at /openapi/v1.json.");
    }

    /// <summary>Something that is needed is still being loaded: it says what, and when to ask again.</summary>
    public static Task WriteLoadingAsync(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(context, ProblemKind.Loading, detail);
    }

    private static ProblemDetails Details(ProblemKind kind, string detail) => new()
    {
        Type = kind.Type,
        Title = kind.Title,
        Status = kind.Status,
        Detail = detail,
        Extensions = { ["code"] = kind.Code },
    };
}
