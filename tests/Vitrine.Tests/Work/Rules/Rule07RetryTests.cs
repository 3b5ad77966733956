using Vitrine.Decoding;
using Vitrine.Indexing;
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
    public async Task TimeOut_OnceOrTwice_IsTriedAgainLaterAndFailsAtTheThird()
    {
        var options = new DecoderOptions();
        var timeOuts = new TimeOuts(Stores.Settlement, options);
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        for (var timeOut = 1; timeOut <= RetryPolicy.MaxTimeOuts; timeOut++)
        {
            var claim = (await ClaimAsync(worker)).Single();
            using (timeOuts.TurnOrNull(claim, Stage.Metadata))
                await timeOuts.SettleAsync(claim, Stage.Metadata, new DecoderTimedOutException(options.ItemTimeLimit), Token);
            Assert.Equal(timeOut == RetryPolicy.MaxTimeOuts ? AssetStatus.Failed : AssetStatus.Pending, StatusOf(claim.AssetId));
            Time.Advance(options.ItemTimeLimit / 5);
            Assert.Empty(await ClaimAsync(worker)); // half of what it was given, between half and one and a half of that
            Time.Advance(options.ItemTimeLimit);
        }

        Assert.Equal("took too long: no answer within 60 s", Stores.Failures.Page(library.Id, 0, 1).Items[0].Reason.ToString());
    }

    [Fact]
    public async Task TimeOut_OfSeveralFiles_TriesOneOfThemAtATimeAndOthersBesideIt()
    {
        var timeOuts = new TimeOuts(Stores.Settlement, new DecoderOptions());
        await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "sound.jpg");
        var claims = await ClaimAsync(await WorkerAsync());
        foreach (var claim in claims.Take(2))
            await timeOuts.SettleAsync(claim, Stage.Metadata, new DecoderTimedOutException(TimeSpan.FromMinutes(1)), Token);

        var first = timeOuts.TurnOrNull(claims[0], Stage.Metadata);
        Assert.NotNull(first);
        Assert.Null(timeOuts.TurnOrNull(claims[1], Stage.Metadata));
        Assert.NotNull(timeOuts.TurnOrNull(claims[2], Stage.Metadata));
        Assert.NotNull(timeOuts.TurnOrNull(claims[1], Stage.Embedding)); // of which it is not known
        first.Dispose();
        Assert.NotNull(timeOuts.TurnOrNull(claims[1], Stage.Metadata));
        timeOuts.Forget(claims[0], Stage.Metadata);
        Assert.NotNull(timeOuts.TurnOrNull(claims[0], Stage.Metadata)); // it ended in time once: it is like any other
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
