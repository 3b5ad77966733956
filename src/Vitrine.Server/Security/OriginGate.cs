using System.Net;
using Microsoft.AspNetCore.Http;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Security;

/// <summary>
/// Refuses requests under a foreign host name (a page that points its own name at this machine), and unsafe requests and socket
/// upgrades that another site's page sends. A server that asks for no token, because only this machine reaches it, also refuses what a proxy passes on from elsewhere.
/// </summary>
internal sealed class OriginGate(ServerOptions options, RequestDelegate next)
{
    /// <summary>What proxies say of whom they ask for; https, of which the last two speak, has been taken note of by then.</summary>
    private static readonly string[] s_forwarding = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Server", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto", "X-Original-Proto"];

    private readonly bool _isForThisMachineAlone = !options.NeedsToken;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (_isForThisMachineAlone && Array.Find(s_forwarding, request.Headers.ContainsKey) is { } header)
        {
            return Problems.WriteAsync(
                context,
                ProblemKind.UnknownHost,
                $"This request came through a proxy (it has the header {header}), and this server, which asks for no access token, is for this machine alone. Start it with --allowed-host and the name that the proxy has, or with --require-token.");
        }

        if (!IsOwnHost(request.Host.Host))
        {
            return Problems.WriteAsync(
                context,
                ProblemKind.UnknownHost,
                $"This server does not answer to '{request.Host.Host}'. Use localhost or its address, or start it with --allowed-host {request.Host.Host}.");
        }

        if (IsUnsafe(request) && request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsSameOrigin(origin, request))
        {
            return Problems.WriteAsync(
                context, ProblemKind.ForeignOrigin, $"A page of '{origin}' may not do this. Use Vitrine's own page.");
        }

        return next(context);
    }

    private static bool IsUnsafe(HttpRequest request) =>
        request.HttpContext.WebSockets.IsWebSocketRequest
        || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method));

    /// <summary>
    /// Without a port, the scheme's own is meant, in either of them: https://name and name:443 are one origin (RFC 6454). The scheme itself is not
    /// compared: behind a proxy that speaks TLS it is another one here.
    /// </summary>
    private static bool IsSameOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
        && uri.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)
        && (request.Host.Port is { } port ? port == uri.Port : uri.IsDefaultPort);

    private bool IsOwnHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || host.Equals($"{Environment.MachineName}.local", StringComparison.OrdinalIgnoreCase)
        || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
}
