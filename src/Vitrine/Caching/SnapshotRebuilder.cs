using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Vitrine.Caching;

/// <summary>Rebuilds snapshots one after the other on one background loop, so that a burst of changes costs one core at most.</summary>
public sealed class SnapshotRebuilder(ILogger<SnapshotRebuilder> logger)
{
    private readonly Channel<Action> _asked = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    public void Ask(Action rebuild) => _asked.Writer.TryWrite(rebuild);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var rebuild in _asked.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                rebuild();
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "A cache could not be rebuilt; reads go on from the one before");
            }
        }
    }
}
