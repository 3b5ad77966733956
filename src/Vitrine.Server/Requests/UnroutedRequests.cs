using Microsoft.AspNetCore.Http;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Requests;

/// <summary>What routing gives to no call: refused where it is about the API, else the screen's.</summary>
/// <param name="taken">What the calls of the API take.</param>
/// <param name="screen">Answers whatever GET is not the API's.</param>
/// <remarks>
/// Routing brings what it would give to the screen here, and what it answered itself, with 405 or 404: it knows the methods of calls and screen together, and so cannot tell what is not
/// there. An endpoint for every method would take requests without a body from the calls that take one.
/// </remarks>
internal sealed class UnroutedRequests(TakenMethods taken, RequestDelegate screen)
{
    private static readonly string[] s_ofTheApi = ["/api", "/ws", "/sse", "/openapi"];

    /// <summary>The methods that the screen takes.</summary>
    public static IReadOnlyList<string> OfTheScreen { get; } = [HttpMethods.Get, HttpMethods.Head];

    public Task AnswerAsync(HttpContext context)
    {
        var (path, method) = (context.Request.Path, context.Request.Method);
        context.Response.Headers.Allow = default; // routing's
        var methods = taken.At(context);
        if (methods.Count > 0 && !methods.Contains(method))
            return Problems.WriteMethodNotAllowedAsync(context, methods);
        if (Array.Exists(s_ofTheApi, root => path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase)))
            return Problems.WriteAsync(context, ProblemKind.NotFound, $"There is no {path}. The API is described at /openapi/v1.json.");
        return OfTheScreen.Contains(method) ? screen(context) : Problems.WriteMethodNotAllowedAsync(context, OfTheScreen);
    }
}
