using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Requests;

/// <summary>
/// Refuses what a call does not know, and what cannot be read, by its name and before the handler is asked: a parameter or field that is ignored makes
/// people believe that it did something.
/// </summary>
internal sealed class RequestGate(JsonSerializerOptions json, RequestDelegate next)
{
    private readonly ConcurrentDictionary<Endpoint, RequestShape?> _shapes = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && _shapes.GetOrAdd(endpoint, RequestShape.OfOrNull) is { } shape
            && (QueryCheck.RefusalOrNull(shape, context.Request.Query) ?? await BodyCheck.RefusalOrNullAsync(shape, context.Request, json)) is { } refusal)
        {
            await Problems.WriteAsync(context, refusal.Kind, refusal.Detail);
            return;
        }

        await next(context);
    }
}
