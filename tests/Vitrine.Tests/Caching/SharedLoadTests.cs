using Vitrine.Caching;
using Xunit;

namespace Vitrine.Tests.Caching;

public sealed class SharedLoadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ManyFirstUsesAtOnce_ShareOneLoad()
    {
        using var go = new ManualResetEventSlim();
        var loads = 0;
        var load = new SharedLoad<string>(() =>
        {
            go.Wait(Token);
            return $"load {Interlocked.Increment(ref loads)}";
        });
        Assert.Equal(LoadState.NotAsked, load.State);
        var users = Enumerable.Range(0, 8).Select(_ => Task.Run(() => load.GetAsync(Token), Token)).ToList();
        var first = load.GetAsync(Token);
        Assert.Equal((LoadState.Loading, null), (load.State, load.ValueOrNull));
        go.Set();

        Assert.All(await Task.WhenAll(users), value => Assert.Same("load 1", string.Intern(value)));
        Assert.Same(await first, await load.GetAsync(Token));
        Assert.Equal((1, LoadState.Loaded, "load 1"), (loads, load.State, load.ValueOrNull));
    }

    [Fact]
    public async Task Get_FirstLoadFails_SaysWhyToAllAndTheNextUseTriesAgain()
    {
        using var go = new ManualResetEventSlim();
        var isBroken = true;
        var load = new SharedLoad<string>(() =>
        {
            go.Wait(Token);
            return isBroken ? throw new FileNotFoundException("the model is not there") : "model";
        });
        var users = Enumerable.Range(0, 3).Select(_ => load.GetAsync(Token)).ToList();
        go.Set();
        foreach (var user in users)
            Assert.Equal("the model is not there", (await Assert.ThrowsAsync<FileNotFoundException>(() => user)).Message);
        Assert.Equal((LoadState.Failed, "the model is not there", null), (load.State, load.FailureOrNull, load.ValueOrNull));

        isBroken = false;
        Assert.Equal("model", await load.GetAsync(Token));
        Assert.Equal((LoadState.Loaded, null), (load.State, load.FailureOrNull));
    }

    [Fact]
    public async Task Get_CallerGoesAway_TheLoadGoesOnForTheOthers()
    {
        using var go = new ManualResetEventSlim();
        var load = new SharedLoad<string>(() =>
        {
            go.Wait(Token);
            return "model";
        });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var impatient = load.GetAsync(gone.Token);
        var patient = load.GetAsync(Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        go.Set();

        Assert.Equal("model", await patient);
    }
}
