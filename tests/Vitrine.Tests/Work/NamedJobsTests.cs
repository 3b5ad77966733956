using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work;

public sealed class NamedJobsTests : StoreContract
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<NamedJobs> _jobs;

    public NamedJobsTests()
    {
        _jobs = new Lazy<NamedJobs>(() => new NamedJobs(Stores.Jobs, Stores.Announcements, Time, NullLogger<NamedJobs>.Instance));
    }

    private NamedJobs Jobs => _jobs.Value;

    private protected override Stores Open(string folder, ManualTime time) => SqliteStores.Open(folder, time);

    [Fact]
    public async Task Submit_WhileTheNameRuns_IsRefusedAndRunsAgainAfterwards()
    {
        Assert.True(Jobs.Submit("scan:1", (_, _) => _go.Task));
        Assert.False(Jobs.Submit("scan:1", (_, _) => throw new InvalidOperationException("never run")));
        Assert.True(Jobs.Submit("scan:2", (_, _) => _go.Task));
        Assert.True(Jobs.IsRunning("scan:1"));
        _go.SetResult();
        await Jobs.WhenEnded("scan:1");

        Assert.False(Jobs.IsRunning("scan:1"));
        Assert.True(Jobs.Submit("scan:1", (_, _) => Task.CompletedTask));
        await Jobs.DisposeAsync();
    }

    [Fact]
    public async Task Submit_ManyAtOnce_RunsOne()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Jobs.Submit("one", (_, _) => _go.Task))));
        _go.SetResult();
        await Jobs.WhenEnded("one");

        Assert.Single(started, answer => answer);
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

        var expected = new Job("scan:1", JobStatus.Completed, "12,000 files", null, ManualTime.Start, ManualTime.Start + TimeSpan.FromSeconds(3));
        Assert.Equal(expected, Jobs.FindOrNull("scan:1"));
        Assert.Equal(expected, Stores.Jobs.FindOrNull("scan:1"));
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
            return _go.Task;
        });
        await said.Task;

        Assert.Equal((JobStatus.Running, "half"), (Jobs.All().Single().Status, Jobs.All().Single().Message));
        Assert.Equal(JobStatus.Running, Stores.Jobs.FindOrNull("scan:1")!.Status);
        _go.SetResult();
        await Jobs.WhenEnded("scan:1");
        Assert.Equal(JobStatus.Completed, Jobs.All().Single().Status);
    }

    [Fact]
    public async Task Run_Throws_KeepsTheError()
    {
        Jobs.Submit("scan:1", (_, _) => throw new IOException("the drive is gone"));
        await Jobs.WhenEnded("scan:1");

        Assert.Equal((JobStatus.Failed, "the drive is gone"), (Jobs.FindOrNull("scan:1")!.Status, Jobs.FindOrNull("scan:1")!.Error));
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

        Assert.True(Jobs.Cancel("scan:1"));
        await Jobs.WhenEnded("scan:1");

        Assert.Equal((JobStatus.Cancelled, null), (Jobs.FindOrNull("scan:1")!.Status, Jobs.FindOrNull("scan:1")!.Error));
        Assert.False(Jobs.Cancel("scan:1"));
        Assert.False(Jobs.Cancel("never ran"));
    }

    [Fact]
    public async Task Cancel_AtTheMomentItEnds_NeverThrows()
    {
        for (var round = 0; round < 200; round++)
        {
            var name = $"job {round}";
            Jobs.Submit(name, (_, _) => Task.CompletedTask);
            while (Jobs.Cancel(name))
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
        await Stores.Jobs.SaveAsync(new Job("scan:1", JobStatus.Running, "half", null, ManualTime.Start, null), Token);
        await RestartAsync();
        await Stores.Jobs.FailInterruptedAsync(Token);

        var job = Jobs.FindOrNull("scan:1")!;
        Assert.Equal((JobStatus.Failed, "half"), (job.Status, job.Message));
    }
}
