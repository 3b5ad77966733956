using Microsoft.Extensions.Logging;

namespace Vitrine.Server;

/// <summary>How the server listens.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it listens, as a URL; port 0 chooses a free one.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:7878";

    /// <summary>Host names under which it may be called, besides loopback names, IP addresses and this machine's name.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Whether the access token is needed on a loopback address, too. It always is elsewhere, and where <see cref="AllowedHosts"/> or <see cref="TrustedProxies"/> are given.
    /// </summary>
    public bool RequireToken { get; init; }

    /// <summary>Whether another access token is made at the start: whoever had the one before, or a browser that was let in, needs the new one.</summary>
    public bool NewToken { get; init; }

    /// <summary>Addresses (192.168.1.2) and networks (172.16.0.0/12) of proxies that are believed that a browser came over https, besides those on this machine.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>The built screen; null for <c>wwwroot</c> beside the program.</summary>
    public string? ScreenFolder { get; init; }

    /// <summary>The folder that <c>vitrine demo --compare</c> has imported two ways; null for none. No option: only that command sets it.</summary>
    internal string? ComparedFolder { get; init; }

    /// <summary>The least severe lines that are logged, to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>A name of its own, or a proxy that is trusted, means that everybody who comes through a proxy or a tunnel comes from loopback.</summary>
    internal bool NeedsToken => RequireToken || AllowedHosts.Count > 0 || TrustedProxies.Count > 0 || !ListenAddress.IsLoopback(Listen);
}
