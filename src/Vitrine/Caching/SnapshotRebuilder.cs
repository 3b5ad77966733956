using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Vitrine.Caching;

/// <summary>
/// Rebuilds snapshots one after the other on one background loop, and rests between them, so that a burst of changes costs a part of
/// one core and is gathered meanwhile.
/// </summary>
public sealed class SnapshotRebuilder(TimeProvider time, ILogger<SnapshotRebuilder> logger)
{
    /// <summary>Of the time a rebuild took: it may have a fifth of a core.</summary>
    private const int Rest = 4;

    private static readonly TimeSpan s_shortestRest = TimeSpan.FromMilliseconds(20), s_longestRest = TimeSpan.FromSeconds(1);

    private readonly Channel<Action> _asked = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    public void Ask(Action rebuild) => _asked.Writer.TryWrite(rebuild);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var rebuild in _asked.Reader.ReadAllAsync(cancellationToken))
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                rebuild();
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "A cache could not be rebuilt; reads go on from the one before");
            }

            var rest = Stopwatch.GetElapsedTime(started) * Rest;
            await Task.Delay(rest < s_shortestRest ? s_shortestRest : rest < s_longestRest ? rest : s_longestRest, time, cancellationToken);
        }
    }
}
