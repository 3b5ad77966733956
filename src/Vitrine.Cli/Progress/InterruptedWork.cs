using Vitrine.Cli.Client;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Progress;

/// <summary>Work that a person may end with Ctrl+C: it says at once that it ends, and at the end how far it came.</summary>
internal static class InterruptedWork
{
    /// <param name="open">Connects; the connection is closed at the end, and its own server with it.</param>
    /// <param name="work">What is done over it; its exit code.</param>
    /// <param name="isMeant">Which libraries the work is about.</param>
    /// <param name="cancellationToken">Is cancelled by Ctrl+C.</param>
    /// <exception cref="CommandException">It was ended; the message says how far it came.</exception>
    public static async Task<int> RunAsync(
        Func<Task<ServerConnection>> open, Func<ServerConnection, Task<int>> work, Func<LibraryItem, bool> isMeant, CancellationToken cancellationToken)
    {
        ServerConnection connection;
        try
        {
            connection = await open();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Interrupted, "Stopped before anything was begun.");
        }

        try
        {
            await using (connection)
            {
                try
                {
                    return await work(connection);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && connection.IsOwn)
                {
                    await Console.Error.WriteLineAsync("Stopping… (Ctrl+C again ends at once)");
                    throw;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Interrupted, connection.OwnEngine is { } engine
                ? await HowFarAsync(engine, isMeant)
                : $"{connection.Address} goes on with the work. 'vitrine status' tells how far it is, 'vitrine cancel LIBRARY' ends it.");
        }
    }

    /// <summary>As it was committed, now that nothing works on it any more.</summary>
    private static async Task<string> HowFarAsync(VitrineOptions engine, Func<LibraryItem, bool> isMeant)
    {
        using var stored = new StoredLibraries(VitrineReader.OpenOrNull(engine));
        var meant = (await stored.LibrariesAsync(CancellationToken.None)).Where(isMeant).Select(library => library.Progress).ToList();
        return $"Stopped: {meant.Sum(progress => progress.Ready):N0} of {meant.Sum(progress => progress.Total):N0} ready. The rest goes on with the next import or serve.";
    }
}
