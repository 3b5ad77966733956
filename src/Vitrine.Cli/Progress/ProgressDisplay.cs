using Spectre.Console;
using Vitrine.Cli.Client;
using Vitrine.Cli.Output;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Progress;

/// <summary>Shows a task group's progress on standard error until it ends: a bar on a terminal, else a line now and then.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan s_lineInterval = TimeSpan.FromSeconds(2);

    /// <returns>The final snapshot.</returns>
    /// <exception cref="ServerUnreachableException">The server went away and did not come back.</exception>
    public static Task<ProgressItem> FollowAsync(VitrineClient client, string id, CancellationToken cancellationToken)
    {
        var follower = new ProgressFollower(client);
        return Console.IsErrorRedirected ? FollowInLinesAsync(follower, id, cancellationToken) : FollowInBarAsync(follower, id, cancellationToken);
    }

    private static Task<ProgressItem> FollowInLinesAsync(ProgressFollower follower, string id, CancellationToken cancellationToken)
    {
        var lastLine = 0L;
        string? lastPhase = null;
        return follower.FollowAsync(
            id,
            snapshot =>
            {
                var phase = ProgressText.PhaseOf(snapshot);
                if (phase == lastPhase && TimeProvider.System.GetElapsedTime(lastLine) < s_lineInterval)
                    return;
                (lastPhase, lastLine) = (phase, TimeProvider.System.GetTimestamp());
                Console.Error.WriteLine($"{phase}: {ProgressText.Of(snapshot)}");
            },
            cancellationToken);
    }

    private static Task<ProgressItem> FollowInBarAsync(ProgressFollower follower, string id, CancellationToken cancellationToken)
    {
        var console = TerminalCanvas.Open();
        var line = new ProgressLine();
        return console.Progress()
            .AutoClear(true)
            .Columns(line)
            .StartAsync(bar =>
            {
                bar.AddTask("import", maxValue: 1); // a name there must be; the line says more
                return follower.FollowAsync(id, line.Show, cancellationToken);
            });
    }
}
