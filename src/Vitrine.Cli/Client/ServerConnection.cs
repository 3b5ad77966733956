using Microsoft.Extensions.Logging;
using Vitrine.Cli.Settings;
using Vitrine.Server;
using Vitrine.Server.Security;
using Vitrine.Storage;

namespace Vitrine.Cli.Client;

/// <summary>
/// The way of commands that change something, which is HTTP: to the server that was named, else to the one that holds the data folder,
/// else to one that lives in this process, on a free port of loopback, for as long as the command.
/// </summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    private const string TokenVariable = OptionVariable.Prefix + "TOKEN";

    /// <summary>A server that has taken the data folder says its address soon after.</summary>
    private static readonly TimeSpan s_startOfOther = TimeSpan.FromSeconds(5);

    private readonly VitrineServer? _own;

    private ServerConnection(string address, string? token, string? dataFolder, VitrineServer? own = null, VitrineOptions? ownEngine = null)
    {
        (Address, Token, _own, OwnEngine, DataFolderPath) = (address, token, own, ownEngine, dataFolder);
        Client = new VitrineClient(address, token);
    }

    public VitrineClient Client { get; }

    public string Address { get; }

    /// <summary>What is sent along, whether or not the server asks for it; null where none is known.</summary>
    public string? Token { get; }

    /// <summary>Whether the server ends with this command, and its work with it.</summary>
    public bool IsOwn => _own is not null;

    /// <summary>What the server that ends with this command was started with; null for any other.</summary>
    public VitrineOptions? OwnEngine { get; }

    /// <summary>Null for a server that was named by its URL.</summary>
    public string? DataFolderPath { get; }

    /// <param name="atRest">Whether a server that lives in this process begins no work by itself: what the command asks for is one change and no more.</param>
    /// <exception cref="CommandException">Options are wrong, or the server does not answer.</exception>
    /// <exception cref="DataFolderException">The data folder cannot be used.</exception>
    public static async Task<ServerConnection> OpenAsync(ConnectionChoice choice, CancellationToken cancellationToken, bool atRest = false)
    {
        if (await OpenRunningOrNullAsync(choice, cancellationToken) is { } running)
            return running;
        var settings = ProgramSettings.Read(choice.Data, choice: choice.Engine);
        var folder = settings.Engine.DataFolder;
        if (atRest && settings.Engine.Database is null && !Directory.Exists(folder))
            throw CommandException.Usage($"There is nothing to change: {folder} has no libraries. Add a folder with 'vitrine import FOLDER'.");
        try
        {
            var options = settings.Server with { Listen = "http://127.0.0.1:0", LogLevel = LogLevel.Warning, NewToken = false };
            // It runs for one command only: other libraries are not its business, nor is who is let in.
            var engine = settings.Engine with { Watching = settings.Engine.Watching with { Enabled = false } };
            var own = await (atRest ? VitrineServer.StartAtRestAsync(engine, options, cancellationToken) : VitrineServer.StartAsync(engine, options, cancellationToken));
            return new ServerConnection(own.Address, own.Token?.Value, folder, own, engine);
        }
        catch (DataFolderException) when (Directory.Exists(folder))
        {
            // Another process has just taken it.
            if (await WhenAnnouncedOrNullAsync(folder, cancellationToken) is { } late)
                return await CheckAsync(Running(folder, late, TokenOf(choice)), cancellationToken);
            throw;
        }
    }

    /// <summary>The server that was named, else the one that holds the data folder; null where none does.</summary>
    /// <exception cref="CommandException">Options are wrong, or the server does not answer.</exception>
    public static async Task<ServerConnection?> OpenRunningOrNullAsync(ConnectionChoice choice, CancellationToken cancellationToken)
    {
        var token = TokenOf(choice);
        if (choice.Server is { } named)
        {
            if (!Uri.TryCreate(named, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                throw CommandException.Usage($"'{named}' is not the address of a server. Give one like http://127.0.0.1:7878.");
            return await CheckAsync(new ServerConnection(named.TrimEnd('/'), token, dataFolder: null), cancellationToken);
        }

        var folder = ProgramSettings.Read(choice.Data, choice: choice.Engine).Engine.DataFolder;
        return DataFolder.AddressOrNull(folder) is { } address ? await CheckAsync(Running(folder, address, token), cancellationToken) : null;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    /// <summary>What was given goes into a header, which takes no blanks, control codes or letters beyond ASCII.</summary>
    private static string? TokenOf(ConnectionChoice choice)
    {
        var token = choice.Token ?? Environment.GetEnvironmentVariable(TokenVariable);
        return token is null or "" || token.All(letter => letter is > ' ' and <= '~')
            ? token is "" ? null : token
            : throw CommandException.Usage("The access token has blanks or letters that no token has. 'vitrine token' shows it on the machine of the server.");
    }

    /// <summary>The data folder's own token goes only to the server that holds that folder.</summary>
    private static ServerConnection Running(string folder, string listened, string? token)
    {
        var file = AccessToken.FileIn(folder);
        if (token is null && File.Exists(file))
            token = File.ReadAllText(file).Trim();
        return new ServerConnection(ServedAddress.ForThisMachine(listened), token, folder);
    }

    private static async Task<ServerConnection> CheckAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Client.CheckAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<string?> WhenAnnouncedOrNullAsync(string folder, CancellationToken cancellationToken)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        given.CancelAfter(s_startOfOther);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (await timer.WaitForNextTickAsync(given.Token))
            {
                if (DataFolder.AddressOrNull(folder) is { } address)
                    return address;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // it does not say where it serves
        }

        return null;
    }
}
