using Microsoft.Extensions.Logging;

namespace Vitrine.Server;

/// <summary>How the server listens.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it listens, as a URL; port 0 chooses a free one.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:7878";

    /// <summary>Host names under which it may be called, besides loopback names, IP addresses and this machine's name.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The built screen; null for <c>wwwroot</c> beside the program.</summary>
    public string? ScreenFolder { get; init; }

    /// <summary>The folder that <c>vitrine demo --compare</c> has imported two ways; null for none. No option: only that command sets it.</summary>
    internal string? ComparedFolder { get; init; }

    /// <summary>The least severe lines that are logged, to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
