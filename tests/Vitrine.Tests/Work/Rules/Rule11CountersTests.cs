using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>
/// Work rule 11: progress comes from counters kept in the transactions that change the assets. (Any interleaving of all operations:
/// <see cref="InterleavingContract"/>.)
/// </summary>
public sealed class Rule11CountersTests : StoreContract
{
    [Fact]
    public async Task Counters_AfterEveryKindOfWorkAndARestart_EqualTheRows()
    {
        var library = await AddLibraryAsync("/photos", [.. Enumerable.Range(0, 10).Select(file => $"{file}.jpg")]);
        var worker = await WorkerAsync();
        var claims = await ClaimAsync(worker, count: 6);
        await FinishAsync([.. claims.Take(3)], AssetStatus.Indexed);
        await FailAsync(claims[3]);
        await Stores.Settlement.HandBackAsync([claims[4]]);
        await FinishAsync([.. (await ClaimAsync(worker, Stage.Embedding, 2)).Take(1)], AssetStatus.Ready);
        CountersAreTrue();
        await Stores.RetryLibraryAsync(library.Id, Token);
        await RescanAsync(library, "0.jpg", "1.jpg@7", "new.jpg");
        CountersAreTrue();
        var before = CountsOf(library.Id);
        await RestartAsync();

        Assert.Equal((3, before), (before.Total, CountsOf(library.Id)));
        CountersAreTrue();
    }
}
