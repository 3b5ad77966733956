using Microsoft.AspNetCore.Http;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Security;

/// <summary>
/// Lets only holders of the access token in: as a bearer token, or as the cookie that opening <c>/?token=…</c> once sets. A browser
/// without it gets a page with a field for it, everything else a problem.
/// </summary>
internal sealed class TokenGate(AccessToken token, SessionCookie session, RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Path == "/" ? context.Request.Query["token"].ToString().Trim() : "";
        if (token.Matches(given))
        {
            // The redirect takes the token out of the address bar and the history.
            session.Give(context);
            context.Response.Redirect(AskedPage.After(context.Request));
        }
        else if (token.Matches(BearerOrNull(context.Request)) || session.Accept(context))
        {
            await next(context);
        }
        else if (AccessPage.IsStyleOf(context.Request))
        {
            await AccessPage.WriteStyleAsync(context);
        }
        else
        {
            await RefuseAsync(context, wasWrong: given.Length > 0);
        }
    }

    private static Task RefuseAsync(HttpContext context, bool wasWrong)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count == 0 ? "Bearer realm=\"Vitrine\"" : "Bearer realm=\"Vitrine\", error=\"invalid_token\"";
        return AccessPage.IsWantedBy(context.Request)
            ? AccessPage.WriteAsync(context, wasWrong)
            : Problems.WriteAsync(
                context,
                ProblemKind.TokenNeeded,
                "Open the server's address in a browser with ?token=… once, or send 'Authorization: Bearer …'. The token is in the link that the server shows on its terminal at each start, and in the file 'access-token' of its data folder.");
    }

    private static string? BearerOrNull(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
