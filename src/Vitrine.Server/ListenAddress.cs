using System.Net;

namespace Vitrine.Server;

/// <summary>The URL that a server listens on.</summary>
public static class ListenAddress
{
    /// <summary>Whether only this machine can reach it.</summary>
    /// <exception cref="FormatException">It is no http URL of a host and a port alone, or asks for a free port of a name that has two addresses.</exception>
    public static bool IsLoopback(string url)
    {
        if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0").Replace("//+", "//0.0.0.0"), UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp
            || uri is not { PathAndQuery: "/", Fragment: "", UserInfo: "" })
            throw new FormatException($"'{url}' is not an address to listen on. Give one like http://127.0.0.1:7878.");
        if (uri is { Host: "localhost", Port: 0 })
            throw new FormatException($"'{url}' asks for a free port of localhost, which has two addresses. Give http://127.0.0.1:0.");
        return uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
