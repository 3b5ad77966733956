using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>Drives two libraries and three workers step by step, and knows who may hold what.</summary>
internal sealed class StoreMachine(IStoreSource source) : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly List<LibraryOnDisk> _libraries = [];
    private readonly long[] _workers = new long[3];

    /// <summary>Every claim ever given, with those that were lost: their work may end at any time.</summary>
    private readonly List<Claim> _claims = [];
    private readonly Dictionary<long, Claim> _holders = [];
    private Stores _stores = null!;
    private StoreObservation _last = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task BeginAsync()
    {
        await source.PrepareAsync();
        _stores = source.Open(_folder.FullPath, _time);
        foreach (var path in new[] { "/one", "/two" })
        {
            var (library, _) = await _stores.Libraries.AddAsync(path, null, includeHidden: false, Token);
            var disk = new LibraryOnDisk(library.Id);
            for (var file = 0; file < 4; file++)
                disk.Add(file);
            await disk.BeginScanAsync(_stores, library.TaskGroupId);
            while (await disk.ContinueScanAsync(_stores))
                ;
            _libraries.Add(disk);
        }

        for (var worker = 0; worker < _workers.Length; worker++)
            _workers[worker] = await _stores.Workers.RegisterAsync(Token);
        _last = StoreObservation.Of(_stores);
    }

    public async Task StepAsync(StoreStep step, int first, int second)
    {
        await DoAsync(step, first, second);
        Check(retried: step is StoreStep.Retry or StoreStep.RetryLibrary);
    }

    /// <summary>Lets all that is left happen: every file of the disk must end as a ready or failed asset.</summary>
    public async Task FinishEverythingAsync()
    {
        foreach (var library in _libraries)
        {
            await _stores.Libraries.SetPausedAsync(library.Id, paused: false, Token);
            await EndScanAsync(library);
            await library.BeginScanAsync(_stores, null);
            await EndScanAsync(library);
        }

        await CrashAsync(0, 1, 2);
        foreach (var stage in new[] { Stage.Metadata, Stage.Embedding })
        {
            while (await ClaimAsync(0, stage, 1000) is { Count: > 0 } claims)
                await FinishAsync([.. claims]);
        }

        var now = StoreObservation.Of(_stores);
        Assert.Empty(CounterCheck.Differences(_stores));
        Assert.All(now.Statuses.Values, status => Assert.True(status is AssetStatus.Ready or AssetStatus.Failed));
        foreach (var library in _libraries)
        {
            Assert.Equal(ProgressStatus.Complete, _stores.Board.SnapshotOrNull(library.Id)!.Status);
            var (total, ids) = _stores.Browse.Page(library.Id, AssetSort.Added, descending: false, null, 0, 1000);
            Assert.Equal(library.Paths, _stores.Assets.Find(ids).Select(asset => asset.Path).Order(StringComparer.Ordinal));
            Assert.Equal(total, ids.Length);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        await source.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Looks after each commit: what one scan moves, the next may move back.</summary>
    private async Task EndScanAsync(LibraryOnDisk library)
    {
        while (await library.ContinueScanAsync(_stores))
            Check(retried: false);
    }

    private void Check(bool retried)
    {
        var now = StoreObservation.Of(_stores);
        Assert.Empty(CounterCheck.Differences(_stores));
        now.FollowsFrom(_last, retried);
        foreach (var gone in _holders.Keys.Where(id => now.IsAnother(_last, id)).ToList())
            _holders.Remove(gone);
        Assert.Equal(_holders.ToDictionary(pair => pair.Key, pair => pair.Value.Owner), now.Owners);
        _last = now;
    }

    private Task DoAsync(StoreStep step, int first, int second)
    {
        var library = _libraries[first % 2];
        return step switch
        {
            StoreStep.AddFile => Now(() => library.Add(second)),
            StoreStep.ChangeFile => Now(() => library.Change(second)),
            StoreStep.RemoveFile => Now(() => library.Remove(second)),
            StoreStep.MoveFile => Now(() => library.Move(second)),
            StoreStep.BeginScan => library.BeginScanAsync(_stores, null),
            StoreStep.ContinueScan => library.ContinueScanAsync(_stores),
            StoreStep.ClaimMetadata => ClaimAsync(first, Stage.Metadata, 1 + (second % 4)),
            StoreStep.ClaimEmbedding => ClaimAsync(first, Stage.Embedding, 1 + (second % 4)),
            StoreStep.Finish => FinishAsync(Picked(second)),
            StoreStep.FinishOldest => FinishAsync([.. _claims.Take(1 + (second % 3))]),
            StoreStep.Fail => EachAsync(Picked(second), FailAsync),
            StoreStep.HandBack => HandBackAsync(Picked(second)),
            StoreStep.RetryLater => EachAsync(Picked(second), RetryLaterAsync),
            StoreStep.Crash => CrashAsync(first % _workers.Length),
            StoreStep.Retry => _last.Statuses.Count == 0
                ? Task.CompletedTask
                : _stores.Retries.RetryAsync(_last.Statuses.Keys.Order().ElementAt(second % _last.Statuses.Count), Token),
            StoreStep.RetryLibrary => _stores.RetryLibraryAsync(library.Id, Token),
            StoreStep.Pause => _stores.Libraries.SetPausedAsync(library.Id, paused: true, Token),
            StoreStep.Resume => _stores.Libraries.SetPausedAsync(library.Id, paused: false, Token),
            StoreStep.Cancel => CancelAsync(library),
            StoreStep.Wait => Now(() => _time.Advance(TimeSpan.FromSeconds(second % 8))),
            StoreStep.Restart => RestartAsync(),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
    }

    private async Task<IReadOnlyList<Claim>> ClaimAsync(int pick, Stage stage, int count)
    {
        long[] visible = pick % 3 == 0 ? [.. _last.Statuses.Keys.OrderDescending().Take(pick % 5)] : [];
        var workable = StoreObservation.Workable(_stores);
        var claims = await _stores.Claims.ClaimAsync(_workers[pick % _workers.Length], stage, count, visible, oldestFirst: pick % 4 == 0, Token);
        Assert.True(claims.Count <= count);
        foreach (var claim in claims)
        {
            Assert.False(_holders.ContainsKey(claim.AssetId), $"{claim} was given while {_holders.GetValueOrDefault(claim.AssetId)} holds it");
            Assert.Contains(claim.AssetId, workable);
            Assert.Equal(visible.Contains(claim.AssetId), claim.Visible);
            _holders[claim.AssetId] = claim;
        }

        _claims.AddRange(claims);
        return claims;
    }

    private async Task FinishAsync(IReadOnlyList<Claim> claims)
    {
        var expected = claims.Distinct().Where(Holds).Select(claim => claim.AssetId).Order().ToList();
        var written = new List<long>();
        foreach (var target in claims.Distinct().GroupBy(claim => claim.Status == AssetStatus.Pending ? AssetStatus.Indexed : AssetStatus.Ready))
            await _stores.Settlement.FinishAsync([.. target], target.Key, (_, claim) => written.Add(claim.AssetId), Token);
        Assert.Equal(expected, written.Order());
        written.ForEach(id => _holders.Remove(id));
    }

    private async Task FailAsync(Claim claim)
    {
        var held = Holds(claim);
        var stage = claim.Status == AssetStatus.Pending ? Stage.Metadata : Stage.Embedding;
        await _stores.Settlement.FailAsync(claim, stage, "broken", (_, _) => Assert.True(held), Token);
        if (held)
            _holders.Remove(claim.AssetId);
    }

    private async Task HandBackAsync(IReadOnlyList<Claim> claims)
    {
        foreach (var claim in claims.Where(Holds))
            _holders.Remove(claim.AssetId);
        await _stores.Settlement.HandBackAsync([.. claims]);
    }

    private async Task RetryLaterAsync(Claim claim)
    {
        if (Holds(claim))
            _holders.Remove(claim.AssetId);
        await _stores.Settlement.RetryLaterAsync(claim, claim.Status == AssetStatus.Pending ? Stage.Metadata : Stage.Embedding, "locked", Token);
    }

    /// <summary>These workers stop without a word; their leases run out while the others' are extended.</summary>
    private async Task CrashAsync(params int[] dead)
    {
        _time.Advance(WorkerStore.Lease + TimeSpan.FromSeconds(1));
        foreach (var alive in Enumerable.Range(0, _workers.Length).Except(dead))
            await _stores.Workers.HeartbeatAsync(_workers[alive], 0, Token);
        var lost = _holders.Values.Where(claim => dead.Any(worker => _workers[worker] == claim.Owner)).ToList();
        Assert.Equal(lost.Count, await _stores.Claims.RescueAsync(Token));
        lost.ForEach(claim => _holders.Remove(claim.AssetId));
        foreach (var worker in dead)
            _workers[worker] = await _stores.Workers.RegisterAsync(Token);
    }

    private async Task CancelAsync(LibraryOnDisk library)
    {
        library.StopScan();
        await _stores.Libraries.CancelAsync(library.Id, Token);
    }

    private async Task RestartAsync()
    {
        await _stores.DisposeAsync();
        _stores = source.Open(_folder.FullPath, _time);
    }

    private bool Holds(Claim claim) => _holders.GetValueOrDefault(claim.AssetId) == claim;

    /// <summary>One to three of all claims, held or lost; the newer ones more often.</summary>
    private List<Claim> Picked(int pick) => [.. _claims.AsEnumerable().Reverse().Skip(pick % 16).Take(1 + (pick % 3))];

    private static async Task EachAsync(IEnumerable<Claim> claims, Func<Claim, Task> act)
    {
        foreach (var claim in claims)
            await act(claim);
    }

    private static Task Now(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
