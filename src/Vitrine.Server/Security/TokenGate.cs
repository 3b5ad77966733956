using Microsoft.AspNetCore.Http;

namespace Vitrine.Server.Security;

/// <summary>
/// Lets only holders of the access token in: as a bearer token, or as the cookie that opening <c>/?token=…</c> once sets. A browser
/// without it gets a page with a field for it, everything else a problem.
/// </summary>
internal sealed class TokenGate(AccessToken token, RequestDelegate next)
{
    private const string Cookie = "vitrine_token";

    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Path == "/" ? context.Request.Query["token"].ToString().Trim() : "";
        if (token.Matches(given))
        {
            // The redirect takes the token out of the address bar and the history.
            context.Response.Cookies.Append(
                Cookie, token.Value, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = TimeSpan.FromDays(365) });
            context.Response.Redirect("/");
        }
        else if (token.Matches(BearerOrNull(context.Request)) || token.Matches(context.Request.Cookies[Cookie]))
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
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return AccessPage.IsWantedBy(context.Request)
            ? AccessPage.WriteAsync(context, wasWrong)
            : Problems.WriteAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "Access token needed",
                "Open the server's address in a browser with ?token=… once, or send 'Authorization: Bearer …'. The token is in the link that the server shows on its terminal at each start, and in the file 'access-token' of its data folder.");
    }

    private static string? BearerOrNull(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
