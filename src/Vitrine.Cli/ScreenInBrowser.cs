using Vitrine.Cli.Client;
using Vitrine.Server.Security;
using Vitrine.Storage;

namespace Vitrine.Cli;

/// <summary>The screen of a server, opened in the browser of this machine: past the question for the access token, where that is known.</summary>
internal static class ScreenInBrowser
{
    /// <param name="address">The server's, without a slash at its end.</param>
    /// <param name="page">Its path there.</param>
    /// <param name="token">Null where the server asks for none.</param>
    /// <param name="dataFolder">The server's: a page in it leads the browser in, and goes with the server.</param>
    public static void Open(string address, string page, string? token, string dataFolder)
    {
        if (token is null)
        {
            Browser.Open(address + page);
            return;
        }

        try
        {
            var to = page == "/" ? "" : $"&{AskedPage.Parameter}={Uri.EscapeDataString(page)}";
            Browser.Open(EntranceFile.Write(dataFolder, $"{address}/?token={token}{to}"), instead: "the link above");
        }
        catch (DataFolderException exception)
        {
            Console.Error.WriteLine($"vitrine: the browser is not opened. {exception.Message}");
        }
    }

    /// <summary>Of a server that runs already. One that was named by its URL asks in the browser: its data folder is elsewhere.</summary>
    public static async Task OpenAsync(ServerConnection connection, string page, CancellationToken cancellationToken)
    {
        if (connection is { DataFolderPath: { } folder, Token: { } token } && await TokenNeed.OfOrNullAsync(connection.Address, cancellationToken) == true)
            Open(connection.Address, page, token, folder);
        else
            Browser.Open(connection.Address + page);
    }
}
