using Microsoft.AspNetCore.Http;

namespace Vitrine.Server.Security;

/// <summary>The page that a browser wanted when it was asked for the access token: there it is led once it has given it.</summary>
internal static class AskedPage
{
    /// <summary>The parameter of <c>/?token=…</c> that names it.</summary>
    public const string Parameter = "to";

    private const string Home = "/";

    /// <summary>Path and query of what this request wants.</summary>
    public static string Of(HttpRequest request)
    {
        if (request.Path == Home)
            return After(request);
        // A token at the wrong place would stay in the address.
        var query = request.Query.ContainsKey("token") ? "" : request.QueryString.ToUriComponent();
        return request.Path.ToUriComponent() + query;
    }

    /// <summary>Where a request that has given the token is led.</summary>
    public static string After(HttpRequest request) => request.Query[Parameter].ToString() is var page && IsHere(page) ? page : Home;

    /// <summary>Whether it is a page of this server: what begins with two slashes is another one, also where browsers leave out what is between them.</summary>
    private static bool IsHere(string page) =>
        page.StartsWith('/') && (page.Length == 1 || page[1] is not ('/' or '\\')) && page.All(letter => letter is > ' ' and <= '~');
}
