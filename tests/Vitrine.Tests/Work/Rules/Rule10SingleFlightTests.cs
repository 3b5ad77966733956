using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>Work rule 10: a name runs once at a time, its end is kept, and it really leaves the running set. (More: <see cref="NamedJobsTests"/>.)</summary>
public sealed class Rule10SingleFlightTests : StoreContract
{
    [Theory]
    [InlineData(JobStatus.Completed)]
    [InlineData(JobStatus.Failed)]
    [InlineData(JobStatus.Cancelled)]
    public async Task Submit_HoweverTheRunBeforeEnded_IsRefusedUntilThenAndTakenAfterwards(JobStatus ending)
    {
        await using var jobs = new NamedJobs(Stores.Jobs, Stores.Me, Stores.Announcements, Time, NullLogger<NamedJobs>.Instance);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(jobs.Submit("find-duplicates:1", async (_, stop) =>
        {
            await go.Task.WaitAsync(stop);
            if (ending == JobStatus.Failed)
                throw new IOException("the drive is gone");
        }));
        Assert.False(jobs.Submit("find-duplicates:1", (_, _) => Task.CompletedTask));

        if (ending == JobStatus.Cancelled)
            await jobs.CancelAsync("find-duplicates:1", Token);
        else
            go.SetResult();
        await jobs.WhenEnded("find-duplicates:1");

        Assert.False(jobs.IsRunning("find-duplicates:1"));
        var job = jobs.FindOrNull("find-duplicates:1")!;
        Assert.Equal((ending, Time.GetUtcNow()), (job.Status, job.FinishedAt));
        Assert.True(jobs.Submit("find-duplicates:1", (_, _) => Task.CompletedTask));
    }
}
