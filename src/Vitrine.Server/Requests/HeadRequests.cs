using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vitrine.Server.Description;

namespace Vitrine.Server.Requests;

/// <summary>Lets everything that can be got be asked for its headers only; Kestrel leaves the body out.</summary>
internal static class HeadRequests
{
    private static readonly string[] s_both = [HttpMethods.Get, HttpMethods.Head];

    /// <remarks>Sockets and event streams have no headers to be asked for.</remarks>
    public static RouteGroupBuilder AnswerHead(this RouteGroupBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] } && !endpoint.Metadata.OfType<SpokenProtocol>().Any())
                endpoint.Metadata.Add(new HttpMethodMetadata(s_both));
        });
        return routes;
    }
}
