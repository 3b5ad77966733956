using Vitrine.Cli.Settings;

namespace Vitrine.Cli.Client;

/// <summary>
/// The way of commands that only look: HTTP to the server that was named or that holds the data folder, else its database, which is only read. No data
/// folder is made and no server started.
/// </summary>
internal sealed class ReadingConnection : IAsyncDisposable
{
    private readonly ServerConnection? _server;
    private readonly StoredLibraries? _stored;

    private ReadingConnection(ServerConnection? server, StoredLibraries? stored, string? dataFolder) =>
        (_server, _stored, DataFolderPath) = (server, stored, dataFolder);

    public ILibraryReader Libraries => _server is null ? _stored! : _server.Client;

    /// <summary>Of the server; null where none runs.</summary>
    public string? Address => _server?.Address;

    /// <summary>Null for a server that was named by its URL.</summary>
    public string? DataFolderPath { get; }

    /// <summary>Whether there is no database yet, and so nothing to tell.</summary>
    public bool IsNothingThere => _stored is { IsEmpty: true };

    /// <exception cref="CommandException">Options are wrong, or the server does not answer.</exception>
    /// <exception cref="Storage.DatabaseUnavailableException">The database is damaged, of another version, or cannot be read.</exception>
    public static async Task<ReadingConnection> OpenAsync(ConnectionChoice choice, CancellationToken cancellationToken)
    {
        if (await ServerConnection.OpenRunningOrNullAsync(choice, cancellationToken) is { } server)
            return new ReadingConnection(server, null, server.DataFolderPath);
        var engine = ProgramSettings.Read(choice.Data, choice: choice.Engine).Engine;
        return new ReadingConnection(null, new StoredLibraries(VitrineReader.OpenOrNull(engine)), engine.DataFolder);
    }

    /// <summary>What a person is told where there is nothing yet.</summary>
    public string NothingThere => $"Nothing here yet: {DataFolderPath} has no libraries. Add a folder with 'vitrine import FOLDER'.";

    public ValueTask DisposeAsync()
    {
        _stored?.Dispose();
        return _server?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
