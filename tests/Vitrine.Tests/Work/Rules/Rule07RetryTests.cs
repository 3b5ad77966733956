using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>Work rule 7: passing trouble is tried again with exponential back-off and jitter, permanent trouble is not.</summary>
public sealed class Rule07RetryTests : StoreContract
{
    [Theory]
    [InlineData(1, 0.5, 1.5)]
    [InlineData(2, 1, 3)]
    [InlineData(3, 2, 6)]
    [InlineData(4, 4, 12)]
    [InlineData(50, 30, 90)]
    public void Backoff_EachAttempt_IsTwiceTheOneBeforeWithJitterUpToAMinuteAndAHalf(int attempt, double least, double most)
    {
        var waits = Enumerable.Range(0, 200).Select(_ => RetryPolicy.Backoff(attempt).TotalSeconds).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, least, most));
        Assert.True(waits.Distinct().Count() > 100);
    }

    [Fact]
    public async Task PassingTrouble_StillThereAtTheFifthAttempt_FailsThen()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        for (var attempt = 1; attempt <= RetryPolicy.MaxAttempts; attempt++)
        {
            var claim = (await ClaimAsync(worker)).Single();
            await Stores.Settlement.RetryLaterAsync(claim, Stage.Metadata, "the file is locked", Token);
            Assert.Equal(attempt == RetryPolicy.MaxAttempts ? AssetStatus.Failed : AssetStatus.Pending, StatusOf(claim.AssetId));
            Assert.Empty(await ClaimAsync(worker)); // not before its time
            Time.Advance(TimeSpan.FromSeconds(90));
        }

        Assert.Equal((new FailureReason(FailureClass.Unexpected, "the file is locked"), 5), (Stores.Failures.Page(library.Id, 0, 1).Items[0].Reason, Stores.Failures.Page(library.Id, 0, 1).Items[0].Attempts));
    }

    [Fact]
    public async Task PermanentTrouble_FailsAtOnceAndIsNotTriedAgain()
    {
        await AddLibraryAsync("/photos", "a.txt.jpg");
        var worker = await WorkerAsync();
        await FailAsync((await ClaimAsync(worker)).Single(), reason: "not a picture: it begins with 'hello'");

        Time.Advance(TimeSpan.FromDays(1));

        Assert.Empty(await ClaimAsync(worker));
        Assert.Null(Stores.Claims.NextRetryOrNull(ManualTime.Start));
    }
}
