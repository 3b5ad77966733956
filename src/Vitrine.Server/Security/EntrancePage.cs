using System.Net;
using Microsoft.AspNetCore.Http;

namespace Vitrine.Server.Security;

/// <summary>
/// What a browser is shown for a moment that comes with the token from elsewhere: a link in a message, or the file by which <c>serve --open</c> opens it. A browser sends
/// no cookie along with what another place has sent it to, however often it is redirected: only this page can lead it in.
/// </summary>
internal static class EntrancePage
{
    /// <param name="page">A page of this server, as a text in HTML.</param>
    private static string Page(string page) => $"""
        <!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="color-scheme" content="light dark" />
            <meta http-equiv="refresh" content="0; url={page}" />
            <title>Vitrine</title>
          </head>
          <body><a href="{page}">Open Vitrine</a></body>
        </html>
        """;

    /// <summary>Whether a person looks at the answer and the browser does not say that nobody else sent it here; it says so only to https and this machine.</summary>
    public static bool IsNeededBy(HttpRequest request) =>
        AccessPage.IsWantedBy(request) && request.Headers["Sec-Fetch-Site"].ToString() is not ("none" or "same-origin");

    /// <param name="page">The page of this server that it leads to.</param>
    public static Task WriteAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(Page(WebUtility.HtmlEncode(page)), context.RequestAborted);
    }
}
