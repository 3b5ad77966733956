using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Vitrine.Server.Requests;

/// <summary>What a call takes, read from its handler.</summary>
/// <param name="Body">Null for a call without a body.</param>
/// <param name="NeedsBody">Whether the body may not be left out.</param>
internal sealed record RequestShape(IReadOnlyList<QueryParameter> Query, Type? Body, bool NeedsBody)
{
    private static readonly string[] s_calls = ["api/", "ws/", "sse/"];

    /// <summary>Null for what is no call: pages have parameters of their own, which the server does not know.</summary>
    public static RequestShape? OfOrNull(Endpoint endpoint)
    {
        if (endpoint is not RouteEndpoint { RoutePattern: { RawText: { } path } pattern } || endpoint.Metadata.GetMetadata<MethodInfo>() is not { } handler
            || !s_calls.Any(call => path.TrimStart('/').StartsWith(call, StringComparison.Ordinal)))
            return null;
        var inPath = pattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var body = endpoint.Metadata.GetMetadata<IAcceptsMetadata>();
        return new RequestShape(
            [.. handler.GetParameters().Where(parameter => QueryParameter.IsOne(parameter) && !inPath.Contains(parameter.Name!)).Select(QueryParameter.Of)],
            body?.RequestType,
            body is { IsOptional: false });
    }
}
