using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>What every database must keep. Each database has one small sealed subclass per contract that opens it.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private IStoreSource? _source;
    private Stores? _stores;

    private protected ManualTime Time { get; } = new();

    private protected Stores Stores => _stores ??= _source!.Open(_folder.FullPath, Time);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _source = NewSource();
        await _source.PrepareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_stores is not null)
            await _stores.DisposeAsync();
        if (_source is not null)
            await _source.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Where the tables are.</summary>
    private protected virtual IStoreSource NewSource() => new SqliteStores();

    private protected async Task RestartAsync()
    {
        await Stores.DisposeAsync();
        _stores = null;
    }

    /// <summary>A library that was scanned once and holds these files.</summary>
    private protected async Task<Library> AddLibraryAsync(string path, params IReadOnlyList<string> files)
    {
        var (library, _) = await Stores.Libraries.AddAsync(path, null, includeHidden: false, Token);
        await ScanAsync(library.Id, library.TaskGroupId, files);
        await Stores.Libraries.EndScanAsync(library.Id, library.TaskGroupId, Token);
        return library;
    }

    /// <summary>Scans again in a new task group, which it answers.</summary>
    private protected async Task<long> RescanAsync(Library library, params IReadOnlyList<string> files)
    {
        var group = await Stores.BeginScanAsync(library.Id, Token);
        await ScanAsync(library.Id, group, files);
        await Stores.Libraries.EndScanAsync(library.Id, group, Token);
        return group;
    }

    /// <summary>Takes in files, each a path with an optional <c>@time</c> of its last change, and removes the rest.</summary>
    private protected async Task<ScanChanges> ScanAsync(long libraryId, long group, params IReadOnlyList<string> files)
    {
        var session = new ScanSession(libraryId, group);
        var changes = default(ScanChanges);
        foreach (var folder in files.GroupBy(file => Path.GetDirectoryName(file)!))
            changes += await Stores.Intake.TakeInAsync(session, [new ScannedFiles(folder.Key, [.. folder.Select(Scanned)], IsLast: true)], Token);
        return changes + await SettleAsync(session, _ => true);
    }

    /// <summary>After the walk: what vanished and was not moved is removed.</summary>
    private protected async Task<ScanChanges> SettleAsync(ScanSession session, Func<string, bool> looked, params IReadOnlyList<MovedFile> moved)
    {
        Stores.Intake.GatherVanishedFolders(session, looked);
        var changes = await Stores.Intake.MoveAsync(session, moved, Token);
        foreach (var file in moved)
            session.Vanished.Remove(file.AssetId);
        changes += await Stores.Intake.RemoveVanishedAsync(session, Token);
        await Stores.Intake.EndSettlingAsync(session, Token);
        return changes;
    }

    private protected static ScannedFile Scanned(string file)
    {
        var parts = Path.GetFileName(file).Split('@');
        return new ScannedFile(parts[0], FileKinds.KindOrNull(parts[0]) ?? AssetKind.Image, Size: 100, parts.Length > 1 ? long.Parse(parts[1]) : 1);
    }

    private protected Task<long> WorkerAsync() => Stores.Workers.RegisterAsync(Token);

    private protected Task<IReadOnlyList<Claim>> ClaimAsync(long owner, Stage stage = Stage.Metadata, int count = 100, params IReadOnlyList<long> visible) =>
        Stores.Claims.ClaimAsync(owner, stage, count, visible, oldestFirst: false, Token);

    private protected Task FinishAsync(IReadOnlyList<Claim> claims, AssetStatus target) =>
        Stores.Settlement.FinishAsync(claims, target, (_, _) => { }, Token);

    private protected Task FailAsync(Claim claim, Stage stage = Stage.Metadata, string reason = "broken") =>
        Stores.Settlement.FailAsync(claim, stage, reason, (_, _) => { }, Token);

    /// <summary>Moves everything pending of every library to this status.</summary>
    private protected async Task WorkAsync(AssetStatus until)
    {
        var worker = await WorkerAsync();
        await FinishAsync(await ClaimAsync(worker, Stage.Metadata, int.MaxValue), AssetStatus.Indexed);
        if (until == AssetStatus.Indexed)
            return;
        var embedding = await ClaimAsync(worker, Stage.Embedding, int.MaxValue);
        if (until == AssetStatus.Ready)
            await FinishAsync(embedding, AssetStatus.Ready);
    }

    private protected long IdOf(Library library, string path) =>
        Stores.Assets.FindByPathOrNull(library.Id, path) ?? throw new ArgumentException($"There is no {path}.");

    private protected AssetStatus StatusOf(long assetId) => Stores.Assets.FindOrNull(assetId)!.Status;

    private protected StatusCounts CountsOf(long id) => Stores.Board.SnapshotOrNull(id)!.Counts;

    /// <summary>The counter rows and the board say what the asset rows do, per library and per task group.</summary>
    private protected void CountersAreTrue() => Assert.Empty(CounterCheck.Differences(Stores));

    private protected T Scalar<T>(string sql) => Stores.Database.Read(connection => connection.Query(sql, row => row.GetFieldValue<T>(0)).Single());
}
