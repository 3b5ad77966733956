using Microsoft.Extensions.Logging;
using Vitrine.Cli.Client;
using Vitrine.Cli.Samples;
using Vitrine.Cli.Settings;

namespace Vitrine.Cli.Commands;

/// <summary><c>vitrine demo --compare</c>: both imports with their stopwatches on the terminal, then the same in the browser.</summary>
internal static class ComparedDemo
{
    /// <summary>Any free port: it is a server of its own, beside which the usual one may run.</summary>
    public const string Listen = "http://127.0.0.1:0";

    /// <param name="settings">Of its data folder and database nothing is used: every comparison begins with nothing.</param>
    /// <param name="folder">The pictures.</param>
    /// <param name="open">Whether the page is opened in the browser.</param>
    /// <param name="isServed">Whether the page is served after the two imports.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(ProgramSettings settings, string folder, bool open, bool isServed, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("vitrine-compare-");
        try
        {
            var own = new ProgramSettings(
                settings.Engine with { DataFolder = data.FullName, Database = null, Derived = null },
                settings.Server with { ComparedFolder = folder, LogLevel = LogLevel.Warning });
            await using var server = await ServeCommand.StartAsync(own, cancellationToken);
            using var client = new VitrineClient(ServedAddress.ForThisMachine(server.Address), server.Token?.Value, Timeout.InfiniteTimeSpan);
            var comparison = new ImportComparison(client, folder, TimeProvider.System);
            await Console.Error.WriteLineAsync("Starting the decoders and reading every file once, so that neither way has to…");
            await comparison.PrepareAsync(cancellationToken);
            await ComparisonDisplay.ShowAsync(comparison, cancellationToken);
            await Console.Out.WriteLineAsync(comparison.ToString());
            if (!isServed)
                return ExitCode.Done;

            await ServeCommand.SayWhereAsync(server, data.FullName);
            var page = $"{ServedAddress.ForPeople(server.Address)}/compare";
            await Console.Out.WriteLineAsync($"Watch both in the browser at {page}");
            if (open)
                ScreenInBrowser.Open(ServedAddress.ForThisMachine(server.Address), "/compare", server.Token?.Value, data.FullName); // in a folder that goes with the command
            await server.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Done;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
