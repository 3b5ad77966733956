using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work;

/// <summary>Jobs that are paused, and go on, are cancelled, or are stopped with the program while they are.</summary>
public sealed class NamedJobsPauseTests : NamedJobsTest
{
    [Fact]
    public async Task Pause_PausableJob_WaitsBetweenItemsAndGoesOn()
    {
        var items = Channel.CreateUnbounded<int>();
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Jobs.Submit(
            "scan:1",
            async (report, stop) =>
            {
                await Go.Task;
                var wait = report.WaitWhilePausedAsync(stop);
                if (!wait.IsCompleted)
                    waiting.SetResult();
                await wait;
                items.Writer.TryWrite(1);
            },
            JobTraits.Pausable);
        Assert.True(await Jobs.SetPausedAsync("scan:1", paused: true, Token));
        Go.SetResult();
        await waiting.Task.WaitAsync(Token);
        Assert.True(Stores.Jobs.FindOrNull("scan:1")!.Paused);
        Assert.False(items.Reader.TryRead(out _));

        Assert.True(await Jobs.SetPausedAsync("scan:1", paused: false, Token));
        await Jobs.WhenEnded("scan:1");

        Assert.True(items.Reader.TryRead(out _));
        Assert.Equal((JobStatus.Completed, false), (Jobs.FindOrNull("scan:1")!.Status, Jobs.FindOrNull("scan:1")!.Paused));
        Assert.False(await Jobs.SetPausedAsync("scan:1", paused: true, Token));
    }

    [Fact]
    public async Task Pause_WhileTheJobBegins_IsNeverLost()
    {
        for (var round = 0; round < 100; round++)
        {
            var name = $"scan:{round}";
            Jobs.Submit(name, (report, stop) => Go.Task.WaitAsync(stop), JobTraits.Pausable);

            Assert.True(await Jobs.SetPausedAsync(name, paused: true, Token));
            Stores.Announcements.Announce(new Announcement.JobAsked(name));

            Assert.True(Jobs.FindOrNull(name)!.Paused);
            Assert.True(Stores.Jobs.FindOrNull(name)!.Paused);
            await Jobs.CancelAsync(name, Token);
            await Jobs.WhenEnded(name);
        }
    }

    [Fact]
    public async Task Pause_JobThatCannot_IsRefused()
    {
        Jobs.Submit("short", (_, _) => Go.Task);

        Assert.False(await Jobs.SetPausedAsync("short", paused: true, Token));

        Go.SetResult();
        await Jobs.WhenEnded("short");
    }

    [Fact]
    public async Task Cancel_PausedJob_EndsIt()
    {
        Jobs.Submit("scan:1", async (report, stop) =>
        {
            await Go.Task;
            await report.WaitWhilePausedAsync(stop);
        }, JobTraits.Pausable);
        await Jobs.SetPausedAsync("scan:1", paused: true, Token);
        Go.SetResult();

        await Jobs.CancelAsync("scan:1", Token);
        await Jobs.WhenEnded("scan:1");

        Assert.Equal(JobStatus.Cancelled, Jobs.FindOrNull("scan:1")!.Status);
    }

    [Fact]
    public async Task Stop_PausedResumableJob_GoesOnPausedInTheSameRunAfterTheRestart()
    {
        Func<JobReport, CancellationToken, Task> work = async (report, stop) =>
        {
            report.Log(LogLevel.Information, "began");
            await Go.Task.WaitAsync(stop);
            await report.WaitWhilePausedAsync(stop);
        };
        Jobs.Submit("scan:1", work, JobTraits.Pausable | JobTraits.Resumable);
        await Jobs.SetPausedAsync("scan:1", paused: true, Token);
        await Jobs.DisposeAsync();
        Assert.Equal(JobStatus.Queued, Stores.Jobs.FindOrNull("scan:1")!.Status);
        var run = Stores.Jobs.FindOrNull("scan:1")!.RunId;
        await RestartAsync();
        await using var jobs = new NamedJobs(Stores.Jobs, Stores.Me, Stores.Announcements, Time, NullLogger<NamedJobs>.Instance);

        jobs.Submit("scan:1", work, JobTraits.Pausable | JobTraits.Resumable);
        await jobs.FailLeftQueuedAsync(Token);
        Go.SetResult();
        await jobs.SetPausedAsync("scan:1", paused: true, Token); // begun
        var job = jobs.FindOrNull("scan:1")!;
        Assert.Equal((run, JobStatus.Running, true), (job.RunId, job.Status, job.Paused));
        await jobs.SetPausedAsync("scan:1", paused: false, Token);
        await jobs.WhenEnded("scan:1");

        job = Stores.Jobs.FindOrNull("scan:1")!;
        Assert.Equal((run, JobStatus.Completed), (job.RunId, job.Status));
        Assert.Equal(["began", "began"], Stores.Jobs.Lines(run).Select(line => line.Text));
    }
}
