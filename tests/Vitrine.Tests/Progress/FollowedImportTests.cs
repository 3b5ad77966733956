using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Progress;

/// <summary>What a client sees of a whole import, on the real database.</summary>
public sealed class FollowedImportTests : StoreContract
{
    private const int Files = 60;

    [Fact]
    public async Task Follow_WholeImport_IsMonotonicAndItsLastMessageEqualsTheDatabase()
    {
        var library = await AddLibraryAsync("/photos", [.. Enumerable.Range(0, Files).Select(index => $"{index}.jpg")]);
        using var followed = new CancellationTokenSource();
        var clock = PassTimeAsync(followed.Token);
        var following = Task.WhenAll(FollowAsync(library.Id), FollowAsync(library.Id), FollowAsync(library.TaskGroupId));
        var worker = await WorkerAsync();
        while (await ClaimAsync(worker, count: 3) is { Count: > 0 } claims)
        {
            await FinishAsync([claims[0]], AssetStatus.Indexed);
            foreach (var claim in claims.Skip(1))
                await (claim.AssetId % 2 == 0 ? FailAsync(claim) : FinishAsync([claim], AssetStatus.Indexed));
            await FinishAsync(await ClaimAsync(worker, Stage.Embedding, 2), AssetStatus.Ready);
        }

        await FinishAsync(await ClaimAsync(worker, Stage.Embedding), AssetStatus.Ready);
        var feeds = await following;
        await followed.CancelAsync();
        await clock;

        var rows = CounterCheck.Rows(Stores).ToDictionary(row => row.Id);
        Assert.All(feeds, messages =>
        {
            Assert.All(messages, message => Assert.Equal(Files, message.Counts.Total));
            Assert.All(messages.Zip(messages.Skip(1)), pair =>
            {
                Assert.True(pair.Second.Version >= pair.First.Version);
                Assert.True(pair.Second.Counts.Settled >= pair.First.Counts.Settled);
                Assert.True(pair.Second.Counts.Pending <= pair.First.Counts.Pending);
            });
            Assert.All(messages.SkipLast(1), message => Assert.False(message.IsFinal));
        });
        foreach (var (messages, id) in feeds.Zip([library.Id, library.Id, library.TaskGroupId]))
        {
            Assert.Equal(ProgressStatus.Complete, messages[^1].Status);
            Assert.Equal((rows[id].Counts, rows[id].Version), (messages[^1].Counts, messages[^1].Version));
        }
    }

    private async Task<List<ProgressSnapshot>> FollowAsync(long id)
    {
        var messages = new List<ProgressSnapshot>();
        await foreach (var message in Stores.Feed.FollowAsync(id, Token))
            messages.Add(message);
        return messages;
    }

    /// <summary>Whoever waits, its time comes.</summary>
    private async Task PassTimeAsync(CancellationToken until)
    {
        var ended = Task.Delay(Timeout.Infinite, until);
        while (true)
        {
            var timer = Time.NextTimerAsync().AsTask();
            if (await Task.WhenAny(timer, ended) == ended)
                return;
            Time.Advance(await timer);
        }
    }
}
