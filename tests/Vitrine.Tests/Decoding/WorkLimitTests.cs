using Vitrine.Decoding;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Decoding;

public sealed class WorkLimitTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _waited;

    [Fact]
    public async Task Within_AnswerInTheSecondHalf_IsTheAnswer()
    {
        var waiting = Begin();
        await PassHalfAsync();
        _answer.SetResult("whole");

        Assert.Equal("whole", await waiting);
    }

    [Fact]
    public async Task Within_AnswerInTheSecondHalfThatIsAnError_IsThatError()
    {
        var waiting = Begin();
        await PassHalfAsync();
        _answer.SetException(new IOException("the pipe is closed"));

        Assert.Equal("the pipe is closed", (await Assert.ThrowsAsync<IOException>(() => waiting)).Message);
    }

    [Fact]
    public async Task Within_NoAnswer_EndsAtTheLimit()
    {
        var waiting = Begin();
        await PassHalfAsync();
        _waited += s_limit / 20; // every thread waits a little
        Assert.False(waiting.IsCompleted);
        _time.Advance(s_limit / 2);

        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
    }

    [Fact]
    public async Task Within_NoProcessorForAWhile_GoesOnUntilItHadItsTime()
    {
        var waiting = Begin();
        await PassHalfAsync();
        for (var halves = 0; halves < 7; halves++)
        {
            _waited += s_limit / 2;
            await PassHalfAsync();
        }

        _waited += s_limit / 4;
        await PassHalfAsync(); // three quarters have been had
        _time.Advance(s_limit / 2);

        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        Assert.Equal(10, (_time.GetUtcNow() - ManualTime.Start) / (s_limit / 2));
    }

    [Fact]
    public async Task Within_Cancelled_EndsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var waiting = WorkLimit.WithinAsync(_answer.Task, s_limit, Waited, _time, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Task<string> Begin() => WorkLimit.WithinAsync(_answer.Task, s_limit, Waited, _time, TestContext.Current.CancellationToken);

    private ProcessorWait Waited() => new(("idle", TimeSpan.Zero), ("working", _waited));

    /// <summary>Until the next half is being waited for.</summary>
    private async Task PassHalfAsync()
    {
        _time.ForgetTimers();
        _time.Advance(s_limit / 2);
        await _time.TimerOfAsync(s_limit / 2);
    }
}
