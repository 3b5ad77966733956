using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>Work rule 8: what is on screen first, then what was asked for, then the newest request, then the rest, aged so that nothing starves.</summary>
public sealed class Rule08OrderTests : StoreContract
{
    private readonly Channel<(Claim Claim, TaskCompletionSource Ended)> _units = Channel.CreateUnbounded<(Claim, TaskCompletionSource)>();

    [Theory]
    [InlineData(Stage.Metadata)]
    [InlineData(Stage.Embedding)]
    public async Task Order_VisibleRequestedNewestRest_InEveryStage(Stage stage)
    {
        var old = await AddLibraryAsync("/old", "old1.jpg", "old2.jpg", "seen.jpg", "opened.jpg");
        await AddLibraryAsync("/new", "new1.jpg");
        if (stage == Stage.Embedding)
            await WorkAsync(AssetStatus.Indexed);
        var signal = new WorkSignal(Time);
        var visible = new VisibleAssets(signal);
        visible.Ask([IdOf(old, "opened.jpg")]);
        visible.Seen([IdOf(old, "seen.jpg")]);

        var order = await WorkAsync(stage, visible, signal, count: 5, _ => { });

        Assert.Equal(["seen.jpg", "opened.jpg", "new1.jpg", "old1.jpg", "old2.jpg"], order);
    }

    [Fact]
    public async Task Retry_OneAsset_GoesBeforeEverythingNobodyLooksAt()
    {
        var library = await AddLibraryAsync("/photos", "broken.jpg", "a.jpg", "b.jpg");
        await FailAsync((await ClaimAsync(await WorkerAsync(), count: 1)).Single());
        await AddLibraryAsync("/newer", "c.jpg");

        await Stores.Retries.RetryAsync(IdOf(library, "broken.jpg"), Token);

        Assert.Equal([IdOf(library, "broken.jpg")], Stores.Visible.Current.Ids);
        Assert.Equal("broken.jpg", (await ClaimAsync(await WorkerAsync(), Stage.Metadata, 1, Stores.Visible.Current.Ids)).Single().Path);
    }

    [Fact]
    public async Task Ageing_SomebodyScrollsWithoutEnd_TheOldestGroupGetsItsTurn()
    {
        await AddLibraryAsync("/oldest", "oldest1.jpg", "oldest2.jpg", "oldest3.jpg");
        var scrolled = await AddLibraryAsync("/scrolled", [.. Enumerable.Range(0, 40).Select(file => $"{file:d2}.jpg")]);
        var ids = Enumerable.Range(0, 40).Select(file => IdOf(scrolled, $"{file:d2}.jpg")).ToList();
        var signal = new WorkSignal(Time);
        var visible = new VisibleAssets(signal);
        visible.Seen([ids[0]]);

        // Whenever something is done, the next is on screen: visible work never runs out.
        var order = await WorkAsync(Stage.Metadata, visible, signal, count: 16, done => visible.Seen([ids[Math.Min(39, done)], ids[Math.Min(39, done + 1)]]));

        Assert.Equal(3, order.Count(name => name.StartsWith("oldest", StringComparison.Ordinal)));
        Assert.InRange(order.IndexOf("oldest1.jpg"), 0, 4);
    }

    [Fact]
    public async Task Ageing_NewerRequestsKeepComing_TheOldestGroupEnds()
    {
        await AddLibraryAsync("/oldest", "oldest1.jpg", "oldest2.jpg");
        for (var library = 0; library < 12; library++)
            await AddLibraryAsync($"/{library}", "a.jpg", "b.jpg");
        var signal = new WorkSignal(Time);

        var order = await WorkAsync(Stage.Metadata, new VisibleAssets(signal), signal, count: 8, _ => { });

        Assert.Equal(2, order.Count(name => name.StartsWith("oldest", StringComparison.Ordinal)));
    }

    /// <summary>A loop with room for one; the names in the order in which they were worked on.</summary>
    private async Task<List<string>> WorkAsync(Stage stage, VisibleAssets visible, WorkSignal signal, int count, Action<int> done)
    {
        using var stop = new CancellationTokenSource();
        var loop = new StageLoop(
            stage, await WorkerAsync(), 1, 1, (claims, _) =>
            {
                var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _units.Writer.TryWrite((claims.Single(), ended));
                return ended.Task;
            },
            Stores.Claims, visible, signal, Time, NullLogger.Instance);
        var running = loop.RunAsync(stop.Token, CancellationToken.None);
        var names = new List<string>();
        while (names.Count < count)
        {
            var (claim, ended) = await _units.Reader.ReadAsync(Token);
            names.Add(claim.Path);
            await FinishAsync([claim], stage == Stage.Metadata ? AssetStatus.Indexed : AssetStatus.Ready);
            done(names.Count);
            ended.SetResult();
        }

        await stop.CancelAsync();
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, _units.Reader.WaitToReadAsync(Token).AsTask());
            while (_units.Reader.TryRead(out var late))
                late.Ended.SetResult();
        }

        await running;
        return names;
    }
}
