using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Postgres;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Sharing;

/// <summary>
/// The connection is cut at a commit, before it arrives or before its answer does, and the work is done again as the engine does it: it
/// takes effect once, whichever it was.
/// </summary>
[Collection(nameof(ProcessTests))]
public sealed class DoubtfulCommitTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private PostgresTestDatabase _test = null!;
    private PostgresProxy _proxy = null!;
    private Node _node = null!;

    public static TheoryData<CommitFate> Fates { get; } = [CommitFate.IsLost, CommitFate.LosesItsAnswer];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _test = await SharedPostgres.CreateAsync();
        _proxy = new PostgresProxy(_test.Server.Port);
        _node = await Node.StartAsync(_proxy.ConnectionString(_test.ConnectionString), _time);
    }

    public async ValueTask DisposeAsync()
    {
        _proxy.AtCommits(() => CommitFate.Passes);
        await _node.DisposeAsync();
        await _proxy.DisposeAsync();
        await _test.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task TakeIn_ScanBeginsAnew_EachFileIsOneRow(CommitFate fate)
    {
        var (library, _) = await _node.Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);
        await ScanAsync(library, "a.jpg", "b.jpg");
        _proxy.AtNextCommit(fate);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ScanAsync(library, "a.jpg", "b.jpg", "c.jpg", "d.jpg"));
        await ScanAsync(library, "a.jpg", "b.jpg", "c.jpg", "d.jpg");

        Assert.Equal(4, Number("SELECT COUNT(*) FROM assets"));
        Assert.Equal(new StatusCounts(4, 0, 0, 0, 0), CountsAreTrue(library));
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task Add_AskedAgain_IsOneLibrary(CommitFate fate)
    {
        _proxy.AtNextCommit(fate);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => _node.Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token));
        var (library, created) = await _node.Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);

        Assert.Equal(fate == CommitFate.IsLost, created);
        Assert.Equal((1, 1), (Number("SELECT COUNT(*) FROM libraries"), Number("SELECT COUNT(*) FROM task_groups WHERE scanning")));
        CountsAreTrue(library);
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task Claim_AnswerIsLost_IsGivenBackWithTheAttemptUnspent(CommitFate fate)
    {
        var library = await AddAsync("a.jpg", "b.jpg", "c.jpg");
        var held = (await ClaimAsync(1)).Single();
        _proxy.AtNextCommit(fate);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ClaimAsync(10));
        var given = await _node.Stores.Claims.ReleaseUnknownAsync(_node.Stores.Me.Id, Stage.Metadata, [(held.AssetId, held.Number)], Token);

        Assert.Equal(fate == CommitFate.IsLost ? 0 : 2, given);
        Assert.Equal([1, 1], (await ClaimAsync(10)).Select(claim => claim.Attempt));
        CountsAreTrue(library);
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task Claim_ForEmbedding_CountsOnceAndIsGivenBackInItsStatus(CommitFate fate)
    {
        var library = await AddAsync("a.jpg");
        await _node.Stores.Settlement.FinishAsync(await ClaimAsync(1), AssetStatus.Indexed, (_, _) => { }, Token);
        _proxy.AtNextCommit(fate);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ClaimAsync(1, Stage.Embedding));
        await _node.Stores.Claims.ReleaseUnknownAsync(_node.Stores.Me.Id, Stage.Embedding, [], Token);
        var claim = Assert.Single(await ClaimAsync(1, Stage.Embedding));

        Assert.Equal(1, claim.Attempt);
        Assert.Equal(new StatusCounts(0, 0, 1, 0, 0), CountsAreTrue(library));
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task Finish_WrittenAgain_TakesEffectOnce(CommitFate fate)
    {
        var library = await AddAsync("a.jpg", "b.jpg");
        var claims = await ClaimAsync(2);
        _proxy.AtNextCommit(fate);

        await PassTimeAsync(_node.Stores.Settlement.FinishAsync(claims, AssetStatus.Indexed, (_, _) => { }, Token));

        Assert.Equal(2, Number("SELECT COUNT(*) FROM assets WHERE status = 1 AND claim_owner IS NULL AND claims = 1"));
        Assert.Equal(new StatusCounts(0, 2, 0, 0, 0), CountsAreTrue(library));
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task FailRetryLaterAndPutOff_WrittenAgain_TakeEffectOnce(CommitFate fate)
    {
        var library = await AddAsync("a.jpg", "b.jpg", "c.jpg");
        var claims = await ClaimAsync(3);
        Func<Task>[] ends =
        [
            () => _node.Stores.Settlement.FailAsync(claims[0], Stage.Metadata, "broken", (_, _) => { }, Token),
            () => _node.Stores.Settlement.RetryLaterAsync(claims[1], Stage.Metadata, "locked", Token),
            () => _node.Stores.Settlement.PutOffAsync(claims[2], Token),
        ];
        foreach (var end in ends)
        {
            _proxy.AtNextCommit(fate);
            await PassTimeAsync(end());
        }

        Assert.Equal(1, Number("SELECT COUNT(*) FROM failures"));
        Assert.Equal((1, 0), (Number($"SELECT attempts FROM assets WHERE id = {claims[1].AssetId}"), Number($"SELECT attempts FROM assets WHERE id = {claims[2].AssetId}")));
        Assert.Equal(0, Number("SELECT COUNT(*) FROM assets WHERE claim_owner IS NOT NULL"));
        Assert.Equal(new StatusCounts(2, 0, 0, 0, 1), CountsAreTrue(library));
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task Retry_AskedAgain_PutsBackOnce(CommitFate fate)
    {
        var library = await AddAsync("a.jpg", "b.jpg");
        foreach (var claim in await ClaimAsync(2))
            await _node.Stores.Settlement.FailAsync(claim, Stage.Metadata, "broken", (_, _) => { }, Token);
        _proxy.AtNextCommit(fate);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => _node.Stores.Retries.RetryLibraryAsync(library.Id, null, Token));
        await _node.Stores.RetryLibraryAsync(library.Id, Token);

        Assert.Equal((0, 2), (Number("SELECT COUNT(*) FROM failures"), Number("SELECT COUNT(*) FROM assets WHERE status = 0 AND attempts = 0")));
        Assert.Equal(new StatusCounts(2, 0, 0, 0, 0), CountsAreTrue(library));
    }

    /// <summary>At each of the commits that a short job makes: its beginning and its end.</summary>
    [Theory]
    [InlineData(CommitFate.IsLost, 0)]
    [InlineData(CommitFate.IsLost, 1)]
    [InlineData(CommitFate.LosesItsAnswer, 0)]
    [InlineData(CommitFate.LosesItsAnswer, 1)]
    public async Task Submit_CommitOfTheJobIsCut_RunsOnceIsKeptAndMayRunAgain(CommitFate fate, int commit)
    {
        var (runs, commits) = (0, 0);
        _proxy.AtCommits(() => commits++ == commit ? fate : CommitFate.Passes);

        Assert.True(_node.Jobs.Submit("once", (_, _) => Task.FromResult(runs++)));
        await PassTimeAsync(_node.Jobs.WhenEnded("once"));

        Assert.Equal(1, runs);
        Assert.Equal(JobStatus.Completed, Assert.Single(_node.Jobs.Runs("once")).Status);
        Assert.True(_node.Jobs.Submit("once", (_, _) => Task.FromResult(runs++)));
        await PassTimeAsync(_node.Jobs.WhenEnded("once"));
        Assert.Equal((2, 2), (runs, _node.Jobs.Runs("once").Count));
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task Begin_OfAJobThatGoesOn_IsTheSameRun(CommitFate fate)
    {
        var gone = await Node.StartAsync(_test, _time);
        Assert.True(gone.Jobs.Submit("scan:9", (_, stop) => Task.Delay(Timeout.Infinite, stop), JobTraits.Resumable));
        await Patience.UntilAsync(() => _node.Jobs.IsRunning("scan:9"));
        var run = _node.Jobs.FindOrNull("scan:9")!.RunId;
        await gone.Jobs.StopAsync(TimeSpan.FromMinutes(1)); // hands it over
        await gone.DisposeAsync();
        _proxy.AtNextCommit(fate);

        Assert.True(_node.Jobs.Submit("scan:9", (_, _) => Task.CompletedTask, JobTraits.Resumable));
        await PassTimeAsync(_node.Jobs.WhenEnded("scan:9"));

        Assert.Equal((run, JobStatus.Completed), (Assert.Single(_node.Jobs.Runs("scan:9")).RunId, _node.Jobs.FindOrNull("scan:9")!.Status));
    }

    /// <summary>What was cut is not on its way any more: it has taken effect, or the server has rolled it back and holds no lock for it.</summary>
    [Fact]
    public async Task Write_AfterACut_EndsTheEarlierConnectionAtTheServer()
    {
        var writers = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'vitrine writer%'";
        var library = await AddAsync("a.jpg");
        Assert.Equal(1, Number(writers));
        _proxy.AtNextCommit(CommitFate.LosesItsAnswer);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => _node.Stores.Libraries.SetPausedAsync(library.Id, paused: true, Token));
        await _node.Stores.Libraries.SetPausedAsync(library.Id, paused: false, Token);

        Assert.Equal(1, Number(writers));
        CountsAreTrue(library);
    }

    private async Task<Library> AddAsync(params string[] files)
    {
        var (library, _) = await _node.Stores.Libraries.AddAsync("/photos", null, includeHidden: false, Token);
        await ScanAsync(library, files);
        await _node.Stores.Libraries.EndScanAsync(library.Id, library.TaskGroupId, Token);
        return library;
    }

    private async Task ScanAsync(Library library, params string[] files)
    {
        var scanned = files.Select(name => new ScannedFile(name, AssetKind.Image, 1, 1)).ToList();
        await _node.Stores.Intake.TakeInAsync(new ScanSession(library.Id, library.TaskGroupId), [new ScannedFiles("", scanned, IsLast: true)], Token);
    }

    private Task<IReadOnlyList<Claim>> ClaimAsync(int count, Stage stage = Stage.Metadata) =>
        _node.Stores.Claims.ClaimAsync(_node.Stores.Me.Id, stage, count, [], oldestFirst: false, Token);

    /// <summary>The waits between tries go by at once.</summary>
    private async Task PassTimeAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(work, Task.Delay(10, Token));
        }

        await work;
    }

    /// <summary>In the database, and on the board after what was not told has been looked for.</summary>
    private StatusCounts CountsAreTrue(Library library)
    {
        _node.Resynchronisation.Run(everything: false);
        Assert.Empty(CounterCheck.Differences(_node.Stores));
        return _node.Stores.Board.SnapshotOrNull(library.Id)!.Counts;
    }

    private long Number(string sql) => _node.Stores.Database.Read(connection => connection.QueryNumber(sql));
}
