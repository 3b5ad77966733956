using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Indexing;
using Vitrine.Indexing.Watching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>The whole engine over a data folder of its own, with real decoder processes.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private static readonly TimeSpan s_longer = TimeSpan.FromDays(1);

    private readonly TemporaryFolder? _ownFolder;
    private readonly ServiceProvider _services;

    /// <param name="dataFolder">Null for a new one that goes with this object.</param>
    /// <param name="faults">At which files decoders misbehave: see <see cref="DecoderFaults"/>.</param>
    /// <param name="watching">Default: no watch, so that only what a test asks for is scanned.</param>
    /// <param name="around">What stands before the database; null for nothing.</param>
    /// <param name="shared">How PostgreSQL is reached; null for the embedded database.</param>
    /// <param name="machine">The clock of this machine, where the database is shared.</param>
    /// <param name="decoderTime">Measures the decoders' time limits; null for the system's clock, however fast <paramref name="time"/> goes.</param>
    /// <param name="derived">What stands before the place of thumbnails; null for nothing.</param>
    /// <param name="decoder">How decoders are started; null for this program's own.</param>
    /// <param name="stages">What it works on: without the embedding, assets stay indexed.</param>
    public Engine(
        string? dataFolder = null, string? faults = null, DecoderOptions? decoding = null, TimeProvider? time = null, WatchOptions? watching = null, IFolderWatcher? watcher = null,
        Func<Database, Database>? around = null, string? shared = null, TimeProvider? machine = null, TimeProvider? decoderTime = null,
        WorkedStages stages = WorkedStages.All, Func<IDerivedFiles, IDerivedFiles>? derived = null, DecoderCommand? decoder = null)
    {
        _ownFolder = dataFolder is null ? new TemporaryFolder("vitrine-data-") : null;
        DataFolder = dataFolder ?? _ownFolder!.Path;
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(Log))
            .AddVitrine(new VitrineOptions
            {
                DataFolder = DataFolder,
                Database = shared,
                Work = new WorkOptions { Stages = stages },
                Decoding = decoding ??= UsualDecoding,
                Watching = watching ?? new WatchOptions { Enabled = false },
            });
        if (faults is not null)
            services.AddSingleton(Faulty(faults));
        if (decoder is not null)
            services.AddSingleton(decoder);
        if (watcher is not null)
            services.AddSingleton(watcher);
        if (derived is not null)
            services.AddSingleton(_ => derived(new DerivedFolder(DataFolder, shared: false, TimeProvider.System)));
        if (around is not null)
            services.AddSingleton(_ => around(SqliteDatabase.Open(Path.Join(DataFolder, DatabaseFile.Name), NullLogger.Instance)));
        if (machine is not null)
            services.AddSingleton(provider => new SharedClock(provider.GetRequiredService<Database>(), machine));
        if (time is not null)
            services.AddSingleton(time);
        services.AddSingleton(provider => new DecoderPool(decoding, provider.GetService<DecoderCommand>(), decoderTime ?? TimeProvider.System));
        _services = services.BuildServiceProvider();
        Get<LibraryScans>().Patience = s_longer; // no scan here is one that does not end
    }

    private static DecoderOptions UsualDecoding { get; } = new() { Processes = 2, StartTimeLimit = Patience.Limit, ItemTimeLimit = Patience.Limit };

    public string DataFolder { get; }

    public string ThumbnailPath(byte[] sha256) => Path.Join(DataFolder, DerivedName.Thumbnail(sha256).Key);

    public KeptLog Log { get; } = new();

    public Database Database => Get<Database>();

    public LibraryStore Libraries => Get<LibraryStore>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts working; without it the rows stay as a scan left them.</summary>
    public Task StartAsync() => Get<Indexer>().StartAsync(Cancelled);

    /// <summary>A started engine.</summary>
    public static async Task<Engine> StartAsync(
        string? dataFolder = null, string? faults = null, DecoderOptions? decoding = null, TimeProvider? time = null, WatchOptions? watching = null, IFolderWatcher? watcher = null,
        TimeProvider? decoderTime = null)
    {
        var engine = new Engine(dataFolder, faults, decoding, time, watching, watcher, decoderTime: decoderTime);
        await engine.StartAsync();
        return engine;
    }

    public async Task<Library> AddAsync(string root, bool includeHidden = false) =>
        (await Get<LibraryScans>().AddAsync(LibraryRoot.Check(root, DataFolder), null, includeHidden, Cancelled)).Library;

    public Task<long> ScanAsync(Library library, bool confirmRemoval = false) => Get<LibraryScans>().ScanAsync(library, confirmRemoval, Cancelled);

    /// <summary>Waits until the scan's job is over; says how it ended.</summary>
    public async Task<Job> ScannedAsync(Library library)
    {
        await Get<NamedJobs>().WhenEnded(LibraryScans.JobName(library.Id)).OrTooLateAsync();
        return Get<NamedJobs>().FindOrNull(LibraryScans.JobName(library.Id))!;
    }

    /// <summary>Waits until the library no longer says that it is being scanned; its job may still be putting itself away.</summary>
    public Task WalkedAsync(Library library) => UntilAsync(library, snapshot => !snapshot.Scanning);

    /// <summary>Waits until at least so many assets are past the first stage.</summary>
    public Task IndexedAsync(Library library, int count) => UntilAsync(library, snapshot => snapshot.Counts.Total - snapshot.Counts.Pending >= count);

    /// <summary>Follows the progress of a library or task group to its final snapshot.</summary>
    public async Task<ProgressSnapshot> FinishedAsync(long id)
    {
        using var late = Patience.Source();
        ProgressSnapshot? last = null;
        await foreach (var snapshot in Get<ProgressFeed>().FollowAsync(id, late.Token))
            last = snapshot;
        return last!;
    }

    /// <summary>Adds a folder and waits until all of it is ready or failed.</summary>
    public async Task<Library> ImportAsync(string root, bool includeHidden = false)
    {
        var library = await AddAsync(root, includeHidden);
        await FinishedAsync(library.Id);
        await ScannedAsync(library);
        return library;
    }

    /// <summary>Scans again and waits until all is ready or failed.</summary>
    public async Task RescanAsync(Library library)
    {
        var group = await ScanAsync(library);
        await FinishedAsync(group);
        await ScannedAsync(library);
    }

    /// <summary>Every asset of a library by its path.</summary>
    public Dictionary<string, Asset> Assets(Library library)
    {
        var ids = Database.Read(connection => connection.Query(
            "SELECT id FROM assets WHERE library_id = @id", row => row.GetInt64(0), ("@id", library.Id)));
        return Get<AssetStore>().Find(ids).ToDictionary(asset => asset.Path, StringComparer.Ordinal);
    }

    public string[] Paths(Library library) => [.. Assets(library).Keys.Order(StringComparer.Ordinal)];

    public Dictionary<string, string> Skipped(Library library) =>
        Libraries.Skipped(library.Id).ToDictionary(skipped => skipped.Path, skipped => skipped.Reason, StringComparer.Ordinal);

    /// <summary>
    /// Counters, of the library and of its task groups, against the rows that they count. Both come from one statement: work
    /// may go on meanwhile, and between two statements it changes both.
    /// </summary>
    public void AssertCountersAreTrue() => Database.Read(connection =>
    {
        AssertCountersAreTrue(connection, "libraries", "library_id");
        AssertCountersAreTrue(connection, "task_groups", "task_group_id");
        return true;
    });

    private static void AssertCountersAreTrue(DbConnection connection, string owners, string column)
    {
        var scopes = connection.Query(
            $"""
            SELECT p.id, p.pending, p.indexed, p.embedding, p.ready, p.failed, c.s0, c.s1, c.s2, c.s3, c.s4
            FROM progress p JOIN {owners} o ON o.id = p.id LEFT JOIN (
                SELECT a.{column} id, SUM(a.status = 0) s0, SUM(a.status = 1) s1, SUM(a.status = 2) s2,
                    SUM(a.status = 3) s3, SUM(a.status = 4) s4
                FROM assets a JOIN libraries l ON l.id = a.library_id GROUP BY 1) c ON c.id = p.id
            """,
            row => (Id: row.GetInt64(0), Counters: Counts(row, 1), Counted: row.IsDBNull(6) ? default : Counts(row, 6)));
        foreach (var (id, counters, counted) in scopes)
            Assert.Equal((id, counted), (id, counters));
    }

    private static StatusCounts Counts(DbDataReader row, int first) => new(
        row.GetInt64(first), row.GetInt64(first + 1), row.GetInt64(first + 2), row.GetInt64(first + 3), row.GetInt64(first + 4));

    public async ValueTask DisposeAsync()
    {
        await Get<Indexer>().DisposeAsync();
        await _services.DisposeAsync();
        _ownFolder?.Dispose();
    }

    private async Task UntilAsync(Library library, Func<ProgressSnapshot, bool> reached)
    {
        var scope = Get<ProgressBoard>().ScopeOrNull(library.Id)!;
        while (true)
        {
            var changed = scope.Changed; // before the look, so that no change is missed
            if (reached(Get<ProgressBoard>().SnapshotOrNull(library.Id)!))
                return;
            await changed.OrTooLateAsync();
        }
    }

    private static DecoderCommand Faulty(string faults)
    {
        var usual = DecoderCommand.ForThisProgram();
        return new DecoderCommand("env", [$"{DecoderFaults.Variable}={faults}", usual.FileName, .. usual.Arguments]);
    }
}
