using Vitrine.Server;

namespace Vitrine.Cli.Settings;

/// <summary>What the command line says of who is let in.</summary>
/// <param name="RequireToken">Ask for the access token on loopback, too.</param>
/// <param name="NewToken">Make another access token at the start.</param>
/// <param name="TrustedProxies">Empty where nothing was said.</param>
internal sealed record AccessChoice(bool RequireToken, bool NewToken, IReadOnlyList<string> TrustedProxies)
{
    /// <summary>The options with what was given in place of what the environment says.</summary>
    public ServerOptions Over(ServerOptions options) => options with
    {
        RequireToken = RequireToken || options.RequireToken,
        NewToken = NewToken || options.NewToken,
        TrustedProxies = TrustedProxies.Count > 0 ? TrustedProxies : options.TrustedProxies,
    };
}
