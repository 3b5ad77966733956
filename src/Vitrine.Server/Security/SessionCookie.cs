using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Vitrine.Server.Security;

/// <summary>
/// What a browser keeps in place of the access token: until when it is let in, and a signature made with the token. Nobody gets the token out of it,
/// and a new token ends all of them.
/// </summary>
internal sealed class SessionCookie(AccessToken token, TimeProvider time)
{
    /// <summary>How the names of all of them begin.</summary>
    public const string NameBeginning = "vitrine_session_";

    /// <summary>A browser that comes back in the second half of it is given another one.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(90);

    /// <summary>Of this server alone: a browser keeps one jar for all ports of a host, where another Vitrine may have its own.</summary>
    public string Name { get; } = NameBeginning + token.Mark;

    /// <summary>Lets the browser in that this answer goes to, from now on.</summary>
    public void Give(HttpContext context)
    {
        var until = (time.GetUtcNow() + s_lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Cookies.Append(
            Name,
            $"{until}.{Signature(until)}",
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, MaxAge = s_lifetime });
    }

    /// <summary>Whether the request's cookie is one that was given and is not over; one that is soon is renewed.</summary>
    public bool Accept(HttpContext context)
    {
        if (context.Request.Cookies[Name]?.Split('.') is not [var until, var signature] || !IsMine(until, signature)
            || !long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        var left = DateTimeOffset.FromUnixTimeSeconds(seconds) - time.GetUtcNow();
        if (left > TimeSpan.Zero && left < s_lifetime / 2)
            Give(context);
        return left > TimeSpan.Zero;
    }

    private bool IsMine(string until, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Signature(until)));

    private string Signature(string until) => Base64Url.EncodeToString(token.Sign($"{NameBeginning} {until}"));
}
