using Microsoft.AspNetCore.Http;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Security;

/// <summary>
/// Lets only holders of the access token in: as a bearer token, or as the cookie that opening <c>/?token=…</c> once sets.
/// </summary>
internal sealed class TokenGate(AccessToken token, SessionCookie session, RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path == "/" && context.Request.Query.TryGetValue("token", out var given) && token.Matches(given))
        {
            // The redirect takes the token out of the address bar and the history.
            session.Give(context);
            context.Response.Redirect("/");
        }
        else if (token.Matches(BearerOrNull(context.Request)) || session.Accept(context))
        {
            await next(context);
        }
        else
        {
            context.Response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count == 0 ? "Bearer realm=\"Vitrine\"" : "Bearer realm=\"Vitrine\", error=\"invalid_token\"";
            await Problems.WriteAsync(
                context,
                ProblemKind.TokenNeeded,
                "Open this address with ?token=… once, or send 'Authorization: Bearer …'. The token was shown at the first start and is kept in the data folder, in 'access-token'.");
        }
    }

    private static string? BearerOrNull(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
