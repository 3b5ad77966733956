using Microsoft.Extensions.DependencyInjection;
using Vitrine.Indexing;
using Vitrine.Sharing;
using Vitrine.Work;

namespace Vitrine.Benchmarks.Setting;

/// <summary>What a process has in memory that shares a database, in this one: it hears and tells like the others, and works only when it is told to.</summary>
internal sealed class SharedNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private SharedNode(ServiceProvider services) => _services = services;

    public static async Task<SharedNode> StartAsync(string database, string dataFolder)
    {
        var options = new VitrineOptions { DataFolder = dataFolder, Database = database, Decoding = new() { Processes = 1 } };
        var node = new SharedNode(new ServiceCollection().AddLogging().AddVitrine(options).BuildServiceProvider());
        await node.Get<SharedDatabase>().StartAsync(_ => Task.CompletedTask);
        await node.Get<Recovery>().RescueAsync(CancellationToken.None);
        return node;
    }

    public IServiceProvider Services => _services;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Begins to hold a lease, as who claims must; its number among the workers.</summary>
    public async Task<long> EnrolAsync()
    {
        await Get<WorkerSession>().StartAsync(CancellationToken.None);
        return Get<WorkerSession>().Id;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
