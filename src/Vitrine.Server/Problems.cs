using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Vitrine.Server.Api;

namespace Vitrine.Server;

/// <summary>Every error as problem details: what is wrong and what to do.</summary>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string what) => Problem(
        StatusCodes.Status404NotFound, "Not found", $"There is no {what}. It may have been removed meanwhile.");

    public static ProblemHttpResult BadRequest(string detail) => Problem(StatusCodes.Status400BadRequest, "Bad request", detail);

    public static ProblemHttpResult Conflict(string detail) => Problem(StatusCodes.Status409Conflict, "Conflict", detail);

    public static ProblemHttpResult Unprocessable(string detail) =>
        Problem(StatusCodes.Status422UnprocessableEntity, "Cannot be shown", detail);

    public static ProblemHttpResult Unavailable(string detail) => Problem(StatusCodes.Status503ServiceUnavailable, "Not ready", detail);

    public static Task WriteAsync(HttpContext context, int status, string title, string detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = status, Title = title, Detail = detail },
            ApiJson.Default.ProblemDetails,
            "application/problem+json",
            context.RequestAborted);
    }

    /// <summary>Something that is needed is still being loaded: it says what, and when to ask again.</summary>
    public static Task WriteLoadingAsync(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Still loading", detail);
    }

    private static ProblemHttpResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title);
}
