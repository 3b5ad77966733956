using Microsoft.Extensions.Logging;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>What a start has to mend after a stop of any kind. Quick: nothing is counted and nothing is refilled.</summary>
internal sealed class Recovery(Database database, ProgressStore progress, JobStore jobs, IClaimStore claims, ILogger<Recovery> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RescueAsync(cancellationToken);
        await jobs.TakeUpInterruptedAsync(cancellationToken);
    }

    /// <summary>What concerns the work alone: for a process that has no jobs.</summary>
    public async Task RescueAsync(CancellationToken cancellationToken)
    {
        database.Read(connection =>
        {
            progress.Load(connection);
            return true;
        });
        var rescued = await claims.RescueAsync(cancellationToken);
        if (rescued > 0)
            logger.LogInformation("Took up {Count} assets that a stopped process had claimed", rescued);
    }
}
