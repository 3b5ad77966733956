namespace Vitrine.Cli.Client;

/// <summary>Whether a server asks for the access token. It alone knows: that is a matter of how it was started, and a token may be left of another start.</summary>
internal static class TokenNeed
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <param name="address">As this machine calls the server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null where it does not answer.</returns>
    public static async Task<bool?> OfOrNullAsync(string address, CancellationToken cancellationToken)
    {
        using var stranger = new VitrineClient(address, token: null, s_patience);
        return await stranger.IsLetInOrNullAsync(cancellationToken) is { } isLetIn ? !isLetIn : null;
    }
}
