using Microsoft.AspNetCore.Http;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Security;

/// <summary>
/// Lets only holders of the access token in: as a bearer token, or as the cookie that opening <c>/?token=…</c> once sets. A browser
/// without it gets a page with a field for it, everything else a problem. What is still being answered when the token is replaced, as a socket is for hours, is broken off.
/// </summary>
internal sealed class TokenGate(KeptToken kept, TimeProvider time, RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var token = kept.Current;
        var session = new SessionCookie(token, time);
        var given = context.Request.Path == "/" ? context.Request.Query["token"].ToString().Trim() : "";
        if (token.Matches(given))
        {
            // Either way the token leaves the address bar and the history.
            session.Give(context);
            var page = AskedPage.After(context.Request);
            if (EntrancePage.IsNeededBy(context.Request))
                await EntrancePage.WriteAsync(context, page);
            else
                context.Response.Redirect(page);
        }
        else if (token.Matches(BearerOrNull(context.Request)) || session.Accept(context))
        {
            await using var broken = token.Ended.Register(context.Abort);
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
