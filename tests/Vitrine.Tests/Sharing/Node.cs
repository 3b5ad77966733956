using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Vitrine.Sharing;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Postgres;
using Vitrine.Work;

namespace Vitrine.Tests.Sharing;

/// <summary>What one process has in memory, over a database that it shares with other nodes.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly SharedDatabase _shared;
    private readonly SharedProgress _progress;

    private Node(string connection, ManualTime time)
    {
        var database = PostgresDatabase.Open(connection, NullLogger.Instance);
        Stores = new Stores(database, time);
        Wanted = new VisibleAssets(new WorkSignal(TimeProvider.System));
        _progress = new SharedProgress(database, Stores.Progress, Stores.Board, TimeProvider.System);
        var notifications = new PostgresNotifications(database.Source, TimeProvider.System, NullLogger<PostgresNotifications>.Instance);
        var relay = new AnnouncementRelay(Stores.Announcements, Wanted, notifications, _progress, NullLogger<AnnouncementRelay>.Instance);
        Resynchronisation = new Resynchronisation(database, _progress, Stores.Board, Stores.Announcements);
        _shared = new SharedDatabase(
            relay, _progress, Resynchronisation, new SharedClock(database, TimeProvider.System), TimeProvider.System, NullLogger<SharedDatabase>.Instance);
    }

    public Stores Stores { get; }

    public VisibleAssets Wanted { get; }

    public Resynchronisation Resynchronisation { get; }

    public NamedJobs Jobs => Stores.NamedJobs;

    public static Task<Node> StartAsync(PostgresTestDatabase test, ManualTime time) => StartAsync(test.ConnectionString, time);

    public static async Task<Node> StartAsync(string connection, ManualTime time)
    {
        var node = new Node(connection, time);
        await node._shared.StartAsync(_ => Task.CompletedTask);
        await node._shared.Listens.OrTooLateAsync(); // what is announced before that, a node learns of at its next look only
        node.Stores.Me.Id = await node.Stores.Workers.RegisterAsync(CancellationToken.None);
        return node;
    }

    /// <summary>The next announcement that is like this; to be asked for before what causes it.</summary>
    public Task<Announcement> NextAsync(Func<Announcement, bool> like)
    {
        var heard = new TaskCompletionSource<Announcement>(TaskCreationOptions.RunContinuationsAsynchronously);
        Stores.Announcements.Subscribe(announcement =>
        {
            if (like(announcement))
                heard.TrySetResult(announcement);
        });
        return heard.Task;
    }

    /// <summary>Lets go of everything but its row among the workers, as a process that is killed.</summary>
    public async Task VanishAsync()
    {
        await _shared.DisposeAsync();
        await Stores.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Stores.NamedJobs.DisposeAsync();
        await _shared.DisposeAsync();
        await Stores.Workers.UnregisterAsync(Stores.Me.Id, CancellationToken.None);
        _progress.Dispose();
        await Stores.DisposeAsync();
    }
}
