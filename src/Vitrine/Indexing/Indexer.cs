using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>
/// Joins the three phases: takes up at the start what a stopped process left, keeps both stages busy, and ends in two steps.
/// </summary>
internal sealed class Indexer(
    Database database,
    LibraryScans scans,
    MetadataStage metadata,
    EmbeddingStage embedding,
    IEmbedder embedder,
    DecoderPool decoders,
    IClaimStore claims,
    WorkerStore workers,
    NamedJobs jobs,
    JobStore jobStore,
    ProgressStore progress,
    Announcements announcements,
    VisibleAssets visible,
    WorkSignal signal,
    SnapshotRebuilder rebuilder,
    ForgottenAssets forgotten,
    IndexingOptions options,
    TimeProvider time,
    ILogger<Indexer> logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopClaiming = new();
    private readonly CancellationTokenSource _giveUp = new();
    private IDisposable? _wakeUp;
    private Heartbeat? _heartbeat;
    private long _worker;
    private Task _running = Task.CompletedTask;

    /// <summary>Makes the database whole, then works in the background. Quick: nothing is counted and nothing is refilled.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        database.Read(connection =>
        {
            progress.Load(connection);
            return true;
        });
        await jobStore.FailInterruptedAsync(cancellationToken);
        var rescued = await claims.RescueAsync(cancellationToken);
        if (rescued > 0)
            logger.LogInformation("Took up {Count} assets that a stopped process had claimed", rescued);
        _worker = await workers.RegisterAsync(cancellationToken);
        _heartbeat = new Heartbeat(workers, _worker, logger);
        _wakeUp = announcements.Subscribe(_ => signal.Pulse());
        _running = Task.WhenAll(
            MetadataLoop().RunAsync(_stopClaiming.Token, _giveUp.Token),
            EmbeddingLoop().RunAsync(_stopClaiming.Token, _giveUp.Token),
            UntilStopped(rebuilder.RunAsync));
        jobs.Submit("sweep", (_, stop) => forgotten.SweepAsync(stop));
        scans.ResumeInterrupted();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopClaiming.IsCancellationRequested)
            return;
        await _stopClaiming.CancelAsync();
        await jobs.DisposeAsync();
        _giveUp.CancelAfter(options.ShutdownGrace);
        await _running;
        if (_worker != 0)
            await workers.UnregisterAsync(_worker, CancellationToken.None);
        _wakeUp?.Dispose();
        _heartbeat?.Dispose();
        _stopClaiming.Dispose();
        _giveUp.Dispose();
    }

    /// <summary>Twice as many in flight as there are decoders, and a few more, keep them fed while results are committed.</summary>
    private StageLoop MetadataLoop() => Loop(
        Stage.Metadata, unit: 1, room: (decoders.Processes * 2) + 16, (unit, giveUp) => metadata.WorkAsync(unit[0], giveUp));

    private StageLoop EmbeddingLoop() => Loop(
        Stage.Embedding, unit: embedder.PreferredBatch, room: embedder.PreferredBatch * 2, embedding.WorkAsync);

    private StageLoop Loop(Stage stage, int unit, int room, Func<IReadOnlyList<Claim>, CancellationToken, Task> work) =>
        new(stage, _worker, unit, room, work, claims, visible, signal, time, logger);

    private async Task UntilStopped(Func<CancellationToken, Task> run)
    {
        try
        {
            await run(_stopClaiming.Token);
        }
        catch (OperationCanceledException) when (_stopClaiming.IsCancellationRequested)
        {
            // the program ends
        }
    }
}
