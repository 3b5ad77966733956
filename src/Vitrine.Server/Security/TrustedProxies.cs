using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Vitrine.Server.Security;

/// <summary>The proxies whose word is taken that a browser came over https: those on this machine, and those that were named.</summary>
public static class TrustedProxies
{
    /// <exception cref="FormatException">One is neither an address nor a network; the message says which.</exception>
    public static IReadOnlyList<System.Net.IPNetwork> Parse(IReadOnlyList<string> proxies) => [.. proxies.Select(Parse)];

    /// <summary>Nothing else that they say is taken: neither for whom they ask, nor under which name.</summary>
    internal static ForwardedHeadersOptions Options(ServerOptions server)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto };
        foreach (var network in Parse(server.TrustedProxies))
            options.KnownIPNetworks.Add(network);
        return options;
    }

    private static System.Net.IPNetwork Parse(string proxy)
    {
        if (System.Net.IPNetwork.TryParse(proxy, out var network))
            return network;
        return IPAddress.TryParse(proxy, out var address)
            ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new FormatException($"'{proxy}' is not the address of a proxy. Give one like 192.168.1.2, or a network like 172.16.0.0/12.");
    }
}
