using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Libraries;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work;

public sealed class NamedJobsTests : NamedJobsTest
{
    [Fact]
    public async Task Submit_WhileTheNameRuns_IsRefusedAndRunsAgainAfterwards()
    {
        Assert.True(Jobs.Submit("scan:1", (_, _) => Go.Task));
        Assert.False(Jobs.Submit("scan:1", (_, _) => throw new InvalidOperationException("never run")));
        Assert.True(Jobs.Submit("scan:2", (_, _) => Go.Task));
        Assert.True(Jobs.IsRunning("scan:1"));
        Go.SetResult();
        await Jobs.WhenEnded("scan:1");

        Assert.False(Jobs.IsRunning("scan:1"));
        Assert.True(Jobs.Submit("scan:1", (_, _) => Task.CompletedTask));
        await Jobs.DisposeAsync();
    }

    [Fact]
    public async Task Submit_ManyAtOnce_RunsOne()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Jobs.Submit("one", (_, _) => Go.Task))));
        Go.SetResult();
        await Jobs.WhenEnded("one");

        Assert.Single(started, answer => answer);
    }

    [Fact]
    public async Task SubmitOnceMore_WhileTheNameRuns_RunsAfterIt()
    {
        var order = new List<string>();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Jobs.Submit("sweep", async (_, _) =>
        {
            await Go.Task;
            order.Add("first");
        });
        Jobs.SubmitOnceMore("sweep", (_, _) =>
        {
            order.Add("once more");
            ended.SetResult();
            return Task.CompletedTask;
        });
        Go.SetResult();

        await ended.Task.OrTooLateAsync();
        await Jobs.WhenEnded("sweep");
        Assert.Equal(["first", "once more"], order);
    }

    [Fact]
    public async Task SubmitOnceMore_DatabaseIsAway_RunsWhenItIsBack()
    {
        // Only a shared database is asked for other processes' runs.
        await using var away = new DatabaseThatIsAwayOnce(Stores.Database, SqlDialect.Postgres);
        await using var jobs = new NamedJobs(new JobStore(away, Time), Stores.Me, Stores.Announcements, Time, Logs.CreateLogger<NamedJobs>());
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        jobs.SubmitOnceMore("sweep", (_, _) =>
        {
            ran.SetResult();
            return Task.CompletedTask;
        });
        Assert.False(ran.Task.IsCompleted);
        Time.Advance(await Time.NextTimerAsync());

        await ran.Task.OrTooLateAsync();
    }

    [Fact]
    public async Task Run_Completes_KeepsMessageAndTimes()
    {
        Jobs.Submit("scan:1", (report, _) =>
        {
            report.Say("12,000 files");
            Time.Advance(TimeSpan.FromSeconds(3));
            return Task.CompletedTask;
        });
        await Jobs.WhenEnded("scan:1");

        var job = Jobs.FindOrNull("scan:1")!;
        Assert.Equal((JobStatus.Completed, "12,000 files", ManualTime.Start, ManualTime.Start + TimeSpan.FromSeconds(3)), (job.Status, job.Message, job.StartedAt, job.FinishedAt));
        Assert.Equal(job, Stores.Jobs.FindOrNull("scan:1"));
        Assert.Contains(new Announcement.JobChanged("scan:1"), Stores.TakeHeard());
    }

    [Fact]
    public async Task Run_Running_IsListedAsItStands()
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Jobs.Submit("scan:1", (report, _) =>
        {
            report.Say("half");
            said.SetResult();
            return Go.Task;
        });
        await said.Task;

        Assert.Equal((JobStatus.Running, "half"), (Jobs.All().Single().Status, Jobs.All().Single().Message));
        Assert.Equal(JobStatus.Running, Stores.Jobs.FindOrNull("scan:1")!.Status);
        Go.SetResult();
        await Jobs.WhenEnded("scan:1");
        Assert.Equal(JobStatus.Completed, Jobs.All().Single().Status);
    }

    [Fact]
    public async Task Run_Throws_KeepsTheErrorWithItsStack()
    {
        Jobs.Submit("scan:1", (_, _) => PullTheDrive());
        await Jobs.WhenEnded("scan:1");

        var job = Stores.Jobs.FindOrNull("scan:1")!;
        Assert.Equal((JobStatus.Failed, "the drive is gone"), (job.Status, job.Error));
        Assert.Contains(nameof(PullTheDrive), job.Stack, StringComparison.Ordinal);
        Assert.Contains(Jobs.Lines(job), line => line.Level == LogLevel.Error && line.Text.Contains("the drive is gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_SaysFractionAndResult_KeepsBoth()
    {
        Jobs.Submit("export", (report, _) =>
        {
            report.Say("half", 0.5);
            report.Say("still half");
            report.SayResult("/tmp/a.zip");
            return Task.CompletedTask;
        });
        await Jobs.WhenEnded("export");

        var job = Jobs.FindOrNull("export")!;
        Assert.Equal((0.5, "/tmp/a.zip", "/tmp/a.zip"), (job.Fraction, job.Message, job.Result));
    }

    [Fact]
    public async Task Run_ManyLinesLogged_KeepsTheLastHundredOfThisJobOnly()
    {
        var other = Logs.CreateLogger("other");
        Jobs.Submit("one", async (report, _) =>
        {
            for (var line = 0; line < 150; line++)
                other.LogInformation("line {Line}", line);
            await Task.Yield();
            other.LogDebug("too small to keep");
            report.Log(LogLevel.Warning, "two\nlines");
        });
        Jobs.Submit("two", (_, _) =>
        {
            other.LogInformation("of the other");
            return Task.CompletedTask;
        });
        await Task.WhenAll(Jobs.WhenEnded("one"), Jobs.WhenEnded("two"));
        other.LogInformation("of no job");

        var lines = Stores.Jobs.Lines(Jobs.FindOrNull("one")!.RunId);
        Assert.Equal([.. Enumerable.Range(51, 99).Select(line => $"line {line}"), "two ⏎ lines"], lines.Select(line => line.Text));
        Assert.Equal(["of the other"], Jobs.Lines(Jobs.FindOrNull("two")!).Select(line => line.Text));
    }

    [Fact]
    public async Task Runs_SeveralOfOneName_AreKeptNewestFirst()
    {
        for (var run = 0; run < 3; run++)
        {
            Jobs.Submit("scan:1", (report, _) =>
            {
                report.Say($"run {run}");
                return Task.CompletedTask;
            });
            await Jobs.WhenEnded("scan:1");
        }

        Assert.Equal(["run 2", "run 1", "run 0"], Jobs.Runs("scan:1").Select(job => job.Message));
        Assert.Empty(Jobs.Runs("never ran"));
    }

    [Fact]
    public async Task Cancel_JobThatDoesNotEnd_IsReportedAfterAWhile()
    {
        Jobs.Submit("deaf", (_, _) => Go.Task);
        await Jobs.CancelAsync("deaf", Token);

        Assert.Null(Jobs.FindOrNull("deaf")!.OverdueOrNull(Time.GetUtcNow()));
        Time.Advance(TimeSpan.FromSeconds(35));
        await Jobs.CancelAsync("deaf", Token); // the first time counts
        var job = Jobs.FindOrNull("deaf")!;
        Assert.Equal(JobStatus.Running, job.Status);
        Assert.Equal("asked to cancel 35 s ago and has not ended", job.OverdueOrNull(Time.GetUtcNow()));

        Go.SetResult();
        await Jobs.WhenEnded("deaf");
        job = Jobs.FindOrNull("deaf")!;
        Assert.Equal((JobStatus.Completed, null), (job.Status, job.OverdueOrNull(Time.GetUtcNow())));
    }

    [Fact]
    public async Task Stop_JobThatNeverEnds_IsNotWaitedForBeyondTheGraceTime()
    {
        Jobs.Submit("deaf", (_, _) => Go.Task);

        var stopping = Jobs.StopAsync(TimeSpan.FromSeconds(7));
        await Time.TimerOfAsync(TimeSpan.FromSeconds(7));
        Assert.False(stopping.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(7));
        await stopping;

        Assert.True(Jobs.IsRunning("deaf"));
        Go.SetResult();
        await Jobs.WhenEnded("deaf");
    }

    [Fact]
    public async Task Run_ThrowsACancellationNobodyAskedFor_IsAFailure()
    {
        Jobs.Submit("scan:1", (_, _) => throw new OperationCanceledException("a time limit"));
        await Jobs.WhenEnded("scan:1");

        Assert.Equal(JobStatus.Failed, Jobs.FindOrNull("scan:1")!.Status);
    }

    [Fact]
    public async Task Cancel_RunningJob_EndsItAsCancelled()
    {
        Jobs.Submit("scan:1", (_, stop) => Task.Delay(Timeout.Infinite, stop));

        Assert.True(await Jobs.CancelAsync("scan:1", Token));
        await Jobs.WhenEnded("scan:1");

        Assert.Equal((JobStatus.Cancelled, null), (Jobs.FindOrNull("scan:1")!.Status, Jobs.FindOrNull("scan:1")!.Error));
        Assert.False(await Jobs.CancelAsync("scan:1", Token));
        Assert.False(await Jobs.CancelAsync("never ran", Token));
    }

    [Fact]
    public async Task Cancel_AtTheMomentItEnds_NeverThrows()
    {
        for (var round = 0; round < 200; round++)
        {
            var name = $"job {round}";
            Jobs.Submit(name, (_, _) => Task.CompletedTask);
            while (await Jobs.CancelAsync(name, Token))
                await Task.Yield();
            await Jobs.WhenEnded(name);
        }
    }

    [Fact]
    public async Task Dispose_RunningJob_EndsItAsInterruptedAndTakesNoMore()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Jobs.Submit("scan:1", (_, stop) =>
        {
            started.SetResult();
            return Task.Delay(Timeout.Infinite, stop);
        });
        await started.Task;

        await Jobs.DisposeAsync();
        await Jobs.DisposeAsync(); // the engine and the container both do

        Assert.Equal(JobStatus.Failed, Stores.Jobs.FindOrNull("scan:1")!.Status);
        Assert.StartsWith("interrupted:", Stores.Jobs.FindOrNull("scan:1")!.Error, StringComparison.Ordinal);
        Assert.False(Jobs.Submit("scan:1", (_, _) => Task.CompletedTask));
    }

    [Fact]
    public async Task Restart_JobWasRunning_IsFailedAsInterrupted()
    {
        var (running, _) = (await Stores.Jobs.BeginAsync(new Job("scan:1", JobStatus.Running, ManualTime.Start), 0, Token))!.Value;
        await Stores.Jobs.SaveAsync(running with { Message = "half" }, [], Token);
        await RestartAsync();
        await Stores.Jobs.TakeUpInterruptedAsync(Token);

        var job = Jobs.FindOrNull("scan:1")!;
        Assert.Equal((JobStatus.Failed, "half"), (job.Status, job.Message));
        Assert.StartsWith("interrupted:", job.Error, StringComparison.Ordinal);
    }

    private static Task PullTheDrive() => throw new IOException("the drive is gone");
}
