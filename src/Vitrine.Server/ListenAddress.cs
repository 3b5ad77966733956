using System.Net;

namespace Vitrine.Server;

/// <summary>The URL that a server listens on.</summary>
public static class ListenAddress
{
    /// <summary>Whether only this machine can reach it.</summary>
    /// <exception cref="FormatException">It is no http URL with a host and a port.</exception>
    public static bool IsLoopback(string url)
    {
        if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0").Replace("//+", "//0.0.0.0"), UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
            throw new FormatException($"'{url}' is not an address to listen on. Give one like http://127.0.0.1:7878.");
        return uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
