using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>Work rule 1: claims come in batches, in one statement, and count the attempt at the claim.</summary>
[Collection(nameof(ProcessTests))]
public sealed class Rule01ClaimTests : StoreContract
{
    [Fact]
    public async Task Claim_ProcessDiesEachTime_EveryAttemptIsCounted()
    {
        await AddLibraryAsync("/photos", "a.jpg", "b.jpg");
        var attempts = new List<int>();
        for (var death = 0; death < 4; death++)
        {
            attempts.AddRange((await ClaimAsync(await WorkerAsync())).Select(claim => claim.Attempt));
            Time.Advance(WorkerStore.Lease + TimeSpan.FromSeconds(1));
            Assert.Equal(2, await Stores.Claims.RescueAsync(Token));
        }

        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4], attempts);
    }

    [Fact]
    public async Task Claim_BegunTooOftenAndNeverFinished_IsGivenUp()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("a.jpg", 40, 30);
        await using var engine = new Engine();
        var library = await engine.AddAsync(pictures.Folder);
        await engine.ScannedAsync(library);
        var workers = engine.Get<WorkerStore>();
        var claims = engine.Get<IClaimStore>();
        for (var death = 0; death < RetryPolicy.MaxInterruptions; death++)
        {
            var worker = await workers.RegisterAsync(Token);
            Assert.Single(await claims.ClaimAsync(worker, Stage.Metadata, 1, [], oldestFirst: false, Token));
            await workers.UnregisterAsync(worker, Token); // it left the list with a claim: as good as dead
            await claims.RescueAsync(Token);
        }

        await engine.StartAsync();
        Assert.Equal(1, (await engine.FinishedAsync(library.Id)).Counts.Failed);
        Assert.StartsWith("given up: begun 20 times", engine.Assets(library)["a.jpg"].Failure?.ToString(), StringComparison.Ordinal);
    }
}
