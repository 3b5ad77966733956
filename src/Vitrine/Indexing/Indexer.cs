using Vitrine.Caching;
using Vitrine.Indexing.Watching;
using Vitrine.Sharing;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>
/// Joins the three phases: takes up at the start what a stopped process left, keeps both stages busy, and ends in two steps.
/// </summary>
internal sealed class Indexer(
    Recovery recovery,
    WorkerSession worker,
    LibraryScans scans,
    MetadataStage metadata,
    EmbeddingStage embedding,
    NamedJobs jobs,
    SnapshotRebuilder rebuilder,
    LibraryFollower follower,
    VectorPreparation vectors,
    JobStore runs,
    WorkOptions work,
    IndexingOptions options,
    SharedDatabase? shared = null) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopClaiming = new();
    private readonly CancellationTokenSource _giveUp = new();
    private Task _running = Task.CompletedTask;
    private Task _following = Task.CompletedTask;

    /// <summary>Makes the database whole, then scans, follows the folders and works in the background.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ListenAsync(TakeUpLeftAsync);
        await recovery.RunAsync(cancellationToken);
        await StartWorkAsync(cancellationToken);
        scans.ResumeInterrupted();
        vectors.Submit();
        await jobs.FailLeftQueuedAsync(cancellationToken);
        _following = follower.RunAsync(_stopClaiming.Token);
    }

    /// <summary>Makes the database whole and begins nothing by itself, for a process that changes one thing and ends.</summary>
    public async Task StartAtRestAsync(CancellationToken cancellationToken)
    {
        await ListenAsync(_ => Task.CompletedTask);
        await recovery.RunAsync(cancellationToken);
        await worker.StartAsync(cancellationToken);
    }

    /// <summary>Works on what others take in: no scans, no watching, no jobs.</summary>
    public async Task StartWorkerAsync(CancellationToken cancellationToken)
    {
        await ListenAsync(_ => Task.CompletedTask);
        await recovery.RescueAsync(cancellationToken);
        await StartWorkAsync(cancellationToken);
    }

    /// <summary>Claims nothing more, waits the grace time for what is in flight, hands the rest back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopClaiming.IsCancellationRequested)
            return;
        await _stopClaiming.CancelAsync();
        await _following;
        _giveUp.CancelAfter(options.ShutdownGrace);
        await jobs.StopAsync(options.ShutdownGrace);
        await _running;
        await worker.DisposeAsync();
        if (shared is not null)
            await shared.DisposeAsync();
        _giveUp.Dispose();
    }

    /// <summary>Before anything is read into memory: what other processes change from here on is heard.</summary>
    private Task ListenAsync(Func<CancellationToken, Task> eachRound) => shared?.StartAsync(eachRound) ?? Task.CompletedTask;

    private async Task StartWorkAsync(CancellationToken cancellationToken)
    {
        await worker.StartAsync(cancellationToken);
        _running = Task.WhenAll(
            work.Stages.HasFlag(WorkedStages.Metadata) ? metadata.RunAsync(worker.Id, _stopClaiming.Token, _giveUp.Token) : Task.CompletedTask,
            work.Stages.HasFlag(WorkedStages.Embedding) ? embedding.RunAsync(worker.Id, _stopClaiming.Token, _giveUp.Token) : Task.CompletedTask,
            RebuildAsync());
    }

    /// <summary>What processes of this database that are gone left undone.</summary>
    private async Task TakeUpLeftAsync(CancellationToken cancellationToken)
    {
        await runs.TakeUpInterruptedAsync(cancellationToken);
        scans.TakeUpLeft();
        vectors.TakeUpLeft();
    }

    private async Task RebuildAsync()
    {
        try
        {
            await rebuilder.RunAsync(_stopClaiming.Token);
        }
        catch (OperationCanceledException) when (_stopClaiming.IsCancellationRequested)
        {
            // the program ends
        }
    }
}
