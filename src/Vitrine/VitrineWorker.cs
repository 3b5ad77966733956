using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vitrine.Indexing;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine;

/// <summary>A process that only works on what servers take in: no HTTP, no scans, no watching.</summary>
public sealed class VitrineWorker : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly DataFolder _folder;

    private VitrineWorker(ServiceProvider services, DataFolder folder) => (_services, _folder) = (services, folder);

    /// <summary>As which it is on the list of workers.</summary>
    public long Id => _services.GetRequiredService<WorkerSession>().Id;

    /// <summary>Takes the data folder, opens the database and begins to claim.</summary>
    /// <exception cref="DataFolderException">Another process uses the data folder, or it cannot be written.</exception>
    /// <exception cref="DatabaseUnavailableException">The database cannot be opened.</exception>
    public static async Task<VitrineWorker> StartAsync(VitrineOptions options, Action<ILoggingBuilder> logging, CancellationToken cancellationToken)
    {
        var folder = DataFolder.Hold(options.DataFolder);
        var services = new ServiceCollection().AddLogging(logging).AddVitrine(options with { DataFolder = folder.FullPath }).BuildServiceProvider();
        var worker = new VitrineWorker(services, folder);
        if (folder.Closed is { } closed)
            services.GetRequiredService<ILogger<DataFolder>>().LogWarning("{Closed}", closed);
        try
        {
            await services.GetRequiredService<Indexer>().StartWorkerAsync(cancellationToken);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Claims nothing more, waits the grace time for what is in flight, hands the rest back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
