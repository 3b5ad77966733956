using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Vitrine.Caching;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Server.Errors;

/// <summary>Problem details for what no handler answers: refusals of the routing, and exceptions.</summary>
internal static class ErrorAnswers
{
    private const string WhereToRead = "The API is described at /openapi/v1.json.";

    /// <summary>What routing refuses has no body of its own.</summary>
    public static Task WriteBareStatusAsync(HttpContext context)
    {
        var request = context.Request;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status400BadRequest => Problems.WriteAsync(context, ProblemKind.BadRequest, $"The request for {request.Path} cannot be read. {WhereToRead}"),
            StatusCodes.Status415UnsupportedMediaType => Problems.WriteAsync(context, ProblemKind.NotJson, "Send the body as application/json."),
            // A range that cannot be met, a precondition that failed: the status and its headers say all.
            _ => Task.CompletedTask,
        };
    }

    /// <summary>What a handler threw. What an exception of the framework says is for programmers, and is not passed on.</summary>
    public static Task WriteUnexpectedAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        return exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problems.WriteAsync(
                context, ProblemKind.BodyTooLarge, "The body is larger than the server takes. Send less at once."),
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Problems.WriteAsync(
                context, ProblemKind.BodyTooSlow, "The body came too slowly, and the server stopped waiting for the rest. Send it again."),
            BadHttpRequestException => Problems.WriteAsync(context, ProblemKind.BadRequest, $"The request for {context.Request.Path} cannot be read. {WhereToRead}"),
            DatabaseUnavailableException unavailable => Problems.WriteAsync(context, ProblemKind.DatabaseUnavailable, unavailable.Message),
            JobDoesNotEndException busy => Problems.WriteAsync(context, ProblemKind.StillEnding, busy.Message),
            SnapshotLoadingException loading => Problems.WriteLoadingAsync(context, loading.Message),
            _ => Problems.WriteAsync(context, ProblemKind.Unexpected, "Something went wrong in the server; its log says what. Try again."),
        };
    }
}
