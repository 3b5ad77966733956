using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Benchmarks.Embeddings;
using Vitrine.Benchmarks.Setting;
using Vitrine.Caching;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// Phase 3 through the whole pipeline: claims, thumbnails from disk through the decoders, descriptor, commits. A library that was imported is
/// put back to "all indexed", and the time until all is ready again is taken.
/// </summary>
internal static class EmbeddingRate
{
    private const int Budget = 1000;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var folder = VariedPhotos.Ensure(run, run.MorePhotos);
        using var data = run.Scratch();
        await using var provider = new ServiceCollection().AddLogging().AddVitrine(new VitrineOptions { DataFolder = data.FullPath }).BuildServiceProvider();
        await provider.GetRequiredService<Indexer>().StartAsync(CancellationToken.None);
        BenchRun.Say($"Importing {run.MorePhotos:N0} photographs…");
        var (library, _) = await provider.GetRequiredService<LibraryScans>().AddAsync(folder, null, includeHidden: false, CancellationToken.None);
        await UntilReadyAsync(provider, library.Id);
        var rates = new Samples();
        for (var i = 0; i < run.Runs; i++)
        {
            var count = await PutBackAsync(provider, library);
            var clock = Stopwatch.StartNew();
            await UntilReadyAsync(provider, library.Id);
            rates.Add(count / clock.Elapsed.TotalSeconds);
        }

        return
        [
            new Figure(
                $"phase 3, built-in descriptor, through the pipeline, {run.MorePhotos:N0} photographs", $"≥ {Budget:N0} images/s", $"{rates.Median:N0} images/s",
                $"the descriptor alone {DescriptorSpeed.Measure(Environment.ProcessorCount):N0} images/s on {Environment.ProcessorCount} threads", rates.Median >= Budget),
        ];
    }

    private static async Task<long> PutBackAsync(ServiceProvider provider, Library library) =>
        await provider.GetRequiredService<Database>().WriteAsync(
            transaction =>
            {
                transaction.Connection.Execute("DELETE FROM embeddings");
                var count = transaction.Connection.Execute("UPDATE assets SET status = 1, attempts = 0 WHERE status = 3");
                var changes = new CounterChanges();
                changes.Move(library.Id, library.TaskGroupId, AssetStatus.Ready, AssetStatus.Indexed, count);
                provider.GetRequiredService<ProgressStore>().Apply(transaction, changes);
                transaction.AfterCommit(() => provider.GetRequiredService<Announcements>().Announce(new Announcement.LibraryChanged(library.Id)));
                return (long)count;
            },
            WriteUrgency.Urgent,
            CancellationToken.None);

    private static async Task UntilReadyAsync(ServiceProvider provider, long library)
    {
        var board = provider.GetRequiredService<ProgressBoard>();
        while (board.SnapshotOrNull(library) is not { Status: ProgressStatus.Complete })
            await Task.Delay(2);
    }
}
