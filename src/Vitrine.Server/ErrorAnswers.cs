using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Vitrine.Caching;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Server;

/// <summary>Problem details for what no handler answers: refusals of the routing, and exceptions.</summary>
internal static class ErrorAnswers
{
    /// <summary>What routing refuses has no body of its own.</summary>
    public static Task WriteBareStatusAsync(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status400BadRequest => Problems.WriteAsync(
                context, 400, "Bad request", $"A parameter of {request.Path} cannot be read. The API is described at /openapi/v1.json."),
            StatusCodes.Status405MethodNotAllowed => Problems.WriteAsync(
                context, 405, "Method not allowed", $"{request.Path} does not take {request.Method}. The API is described at /openapi/v1.json."),
            StatusCodes.Status415UnsupportedMediaType => Problems.WriteAsync(
                context, 415, "Unsupported media type", "Send the body as application/json."),
            // A range that cannot be met, a precondition that failed: the status and its headers say all.
            _ => Task.CompletedTask,
        };
    }

    /// <summary>What a handler threw.</summary>
    public static Task WriteUnexpectedAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        return exception switch
        {
            BadHttpRequestException bad => Problems.WriteAsync(context, bad.StatusCode, "Bad request", bad.InnerException?.Message ?? bad.Message),
            DatabaseUnavailableException unavailable => Problems.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable, "The database is not available", unavailable.Message),
            JobDoesNotEndException busy => Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Still ending", busy.Message),
            SnapshotLoadingException loading => Problems.WriteLoadingAsync(context, loading.Message),
            _ => Problems.WriteAsync(
                context, StatusCodes.Status500InternalServerError, "Unexpected error", "Something went wrong in the server; its log says what. Try again."),
        };
    }
}
