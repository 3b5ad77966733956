using Microsoft.Extensions.Logging;
using Vitrine.Cli.Settings;
using Vitrine.Server;
using Vitrine.Server.Security;
using Vitrine.Storage;

namespace Vitrine.Cli.Client;

/// <summary>
/// The one way of commands to the engine, which is HTTP: to the server that was named, else to the one that holds the data folder,
/// else to one that lives in this process, on a free port of loopback, for as long as the command.
/// </summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    private const string TokenVariable = OptionVariable.Prefix + "TOKEN";

    /// <summary>A server that has taken the data folder says its address soon after.</summary>
    private static readonly TimeSpan s_startOfOther = TimeSpan.FromSeconds(5);

    private readonly VitrineServer? _own;

    private ServerConnection(string address, string? token, VitrineServer? own, string? dataFolder)
    {
        (Address, _own, DataFolderPath) = (address, own, dataFolder);
        Client = new VitrineClient(address, token);
    }

    public VitrineClient Client { get; }

    public string Address { get; }

    /// <summary>Whether the server ends with this command, and its work with it.</summary>
    public bool IsOwn => _own is not null;

    /// <summary>Null for a server that was named by its URL.</summary>
    public string? DataFolderPath { get; }

    /// <exception cref="CommandException">Options are wrong, or the server does not answer.</exception>
    /// <exception cref="DataFolderException">The data folder cannot be used.</exception>
    public static async Task<ServerConnection> OpenAsync(ConnectionChoice choice, CancellationToken cancellationToken)
    {
        var token = choice.Token ?? Environment.GetEnvironmentVariable(TokenVariable);
        if (choice.Server is { } named)
        {
            if (!Uri.TryCreate(named, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                throw CommandException.Usage($"'{named}' is not the address of a server. Give one like http://127.0.0.1:7878.");
            return await CheckAsync(new ServerConnection(named.TrimEnd('/'), token, own: null, dataFolder: null), cancellationToken);
        }

        var settings = ProgramSettings.Read(choice.Data, choice: choice.Engine);
        var folder = settings.Engine.DataFolder;
        if (DataFolder.AddressOrNull(folder) is { } address)
            return await CheckAsync(Running(folder, address, token), cancellationToken);
        try
        {
            var server = settings.Server with { Listen = "http://127.0.0.1:0", LogLevel = LogLevel.Warning };
            // It runs for one command only: other libraries are not its business.
            var engine = settings.Engine with { Watching = settings.Engine.Watching with { Enabled = false } };
            var own = await VitrineServer.StartAsync(engine, server, cancellationToken);
            return new ServerConnection(own.Address, own.Token?.Value, own, folder);
        }
        catch (DataFolderException) when (Directory.Exists(folder))
        {
            // Another process has just taken it.
            if (await WhenAnnouncedOrNullAsync(folder, cancellationToken) is { } late)
                return await CheckAsync(Running(folder, late, token), cancellationToken);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    /// <summary>The data folder's own token goes only to the server that holds that folder.</summary>
    private static ServerConnection Running(string folder, string listened, string? token)
    {
        var file = AccessToken.FileIn(folder);
        if (token is null && File.Exists(file))
            token = File.ReadAllText(file).Trim();
        return new ServerConnection(ServedAddress.ForThisMachine(listened), token, own: null, folder);
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
