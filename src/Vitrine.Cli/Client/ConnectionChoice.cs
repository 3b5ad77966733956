using Vitrine.Cli.Settings;

namespace Vitrine.Cli.Client;

/// <summary>Which server a command talks to, as the command line said.</summary>
/// <param name="Data">The data folder; null for the default.</param>
/// <param name="Server">A URL; null for the server of the data folder.</param>
/// <param name="Token">The access token; null for none, or the data folder's own.</param>
/// <param name="Engine">For a server that runs inside the command.</param>
internal sealed record ConnectionChoice(string? Data, string? Server, string? Token, EngineChoice? Engine = null);
