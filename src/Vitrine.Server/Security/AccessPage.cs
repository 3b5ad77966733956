using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Vitrine.Server.Security;

/// <summary>What a browser without the access token is shown: one field, and where the token is. It needs nothing of the screen, and no script.</summary>
internal static class AccessPage
{
    /// <summary>The one thing besides the page that is given to anybody.</summary>
    public const string StylePath = "/access.css";

    private const string ProblemMark = "<!-- problem -->", AskedMark = "<!-- to -->";

    private static readonly string s_page = Read("AccessPage.html");
    private static readonly string s_style = Read("AccessPage.css");

    /// <summary>Whether a person looks at the answer: a browser that opens an address asks for HTML, and nothing else does.</summary>
    public static bool IsWantedBy(HttpRequest request) =>
        IsRead(request) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static bool IsStyleOf(HttpRequest request) => IsRead(request) && request.Path == StylePath;

    /// <param name="context">The request; its status is set already.</param>
    /// <param name="wasWrong">Whether a token was given.</param>
    public static Task WriteAsync(HttpContext context, bool wasWrong)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store"; // the same address shows something else once the token is there
        var page = s_page
            .Replace(ProblemMark, wasWrong ? "This is not the token of this server. Copy all of it, from one of the two places." : "")
            .Replace(AskedMark, HtmlEncoder.Default.Encode(AskedPage.Of(context.Request)));
        return context.Response.WriteAsync(page, context.RequestAborted);
    }

    public static Task WriteStyleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/css; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.WriteAsync(s_style, context.RequestAborted);
    }

    private static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static string Read(string name)
    {
        using var stream = typeof(AccessPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
