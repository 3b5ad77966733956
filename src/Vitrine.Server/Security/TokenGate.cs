using Microsoft.AspNetCore.Http;

namespace Vitrine.Server.Security;

/// <summary>
/// Lets only holders of the access token in: as a bearer token, or as the cookie that opening <c>/?token=…</c> once sets.
/// </summary>
internal sealed class TokenGate(AccessToken token, RequestDelegate next)
{
    private const string Cookie = "vitrine_token";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path == "/" && context.Request.Query.TryGetValue("token", out var given) && token.Matches(given))
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
        else
        {
            await Problems.WriteAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "Access token needed",
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
