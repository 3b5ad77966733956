using Microsoft.Extensions.Logging;
using Vitrine.Tests.Postgres;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class JobStoreContract : StoreContract
{
    [Fact]
    public async Task Save_EverythingOfARun_IsThereAfterARestart()
    {
        var begun = await BeginAsync("scan:1", JobTraits.Pausable | JobTraits.Resumable);
        var ended = begun with
        {
            Status = JobStatus.Failed,
            Paused = true,
            Message = "half",
            Fraction = 0.5,
            Result = "3 added",
            Error = "the drive is gone",
            Stack = "at Scan()",
            CancelAskedAt = ManualTime.Start + TimeSpan.FromSeconds(1),
            FinishedAt = ManualTime.Start + TimeSpan.FromSeconds(2),
        };
        JobLine[] lines = [new(ManualTime.Start, LogLevel.Information, "first"), new(ManualTime.Start, LogLevel.Error, "second")];

        await Stores.Jobs.SaveAsync(begun, [lines[1]], Token);
        await Stores.Jobs.SaveAsync(ended, lines, Token);
        await RestartAsync();

        Assert.Equal(ended, Stores.Jobs.FindOrNull("scan:1"));
        Assert.Equal([ended], Stores.Jobs.All());
        Assert.Equal(lines, Stores.Jobs.Lines(ended.RunId));
        Assert.Null(Stores.Jobs.FindOrNull("scan:2"));
    }

    [Fact]
    public async Task All_SeveralJobs_GivesTheLastRunOfEachNewestFirst()
    {
        foreach (var (name, minute) in new[] { ("b", 1), ("a", 1), ("c", 2), ("b", 0) })
            await Stores.Jobs.BeginAsync(new Job(name, JobStatus.Completed, ManualTime.Start + TimeSpan.FromMinutes(minute)), 0, Token);

        Assert.Equal(["c", "a", "b"], Stores.Jobs.All().Select(job => job.Name));
        Assert.Equal(ManualTime.Start, Stores.Jobs.FindOrNull("b")!.StartedAt);
    }

    [Fact]
    public async Task Begin_MoreRunsThanAreKept_ForgetsTheOldestWithTheirLines()
    {
        var first = await BeginAsync("scan:1");
        await Stores.Jobs.SaveAsync(first with { Status = JobStatus.Completed }, [new JobLine(ManualTime.Start, LogLevel.Information, "old")], Token);
        await BeginAsync("scan:2");
        var last = first;
        for (var run = 0; run < JobStore.KeptRuns; run++)
            last = await BeginAsync("scan:1");

        var runs = Stores.Jobs.Runs("scan:1");
        Assert.Equal(JobStore.KeptRuns, runs.Count);
        Assert.Equal(last.RunId, runs[0].RunId);
        Assert.DoesNotContain(runs, run => run.RunId == first.RunId);
        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM job_lines"));
        Assert.Single(Stores.Jobs.Runs("scan:2"));
    }

    [Fact]
    public async Task TakeUpInterrupted_WhatRan_IsQueuedWhereItGoesOnAndFailedElsewhere()
    {
        var resumable = await BeginAsync("resumable", JobTraits.Resumable);
        await BeginAsync("other");
        var cancelled = await BeginAsync("cancelled", JobTraits.Resumable);
        await Stores.Jobs.SaveAsync(cancelled with { CancelAskedAt = ManualTime.Start }, [], Token);
        var completed = await BeginAsync("completed");
        await Stores.Jobs.SaveAsync(completed with { Status = JobStatus.Completed }, [], Token);
        await RestartAsync();

        await Stores.Jobs.TakeUpInterruptedAsync(Token);

        Assert.Equal(JobStatus.Queued, Stores.Jobs.FindOrNull("resumable")!.Status);
        Assert.Equal(JobStatus.Completed, Stores.Jobs.FindOrNull("completed")!.Status);
        foreach (var name in (string[])["other", "cancelled"])
        {
            var job = Stores.Jobs.FindOrNull(name)!;
            Assert.Equal((JobStatus.Failed, ManualTime.Start), (job.Status, job.FinishedAt));
            Assert.StartsWith("interrupted:", job.Error, StringComparison.Ordinal);
        }

        Assert.Equal(resumable.RunId, (await BeginAsync("resumable", JobTraits.Resumable)).RunId);
        Assert.Equal(JobStatus.Running, Stores.Jobs.FindOrNull("resumable")!.Status);
    }

    [Fact]
    public async Task FailLeftQueued_NobodyTookItUp_IsFailedAsInterrupted()
    {
        await BeginAsync("taken up", JobTraits.Resumable);
        await BeginAsync("left", JobTraits.Resumable);
        await Stores.Jobs.TakeUpInterruptedAsync(Token);

        await Stores.Jobs.FailLeftQueuedAsync(["taken up"], Token);

        Assert.Equal(JobStatus.Queued, Stores.Jobs.FindOrNull("taken up")!.Status);
        Assert.StartsWith("interrupted:", Stores.Jobs.FindOrNull("left")!.Error, StringComparison.Ordinal);
    }

    private async Task<Job> BeginAsync(string name, JobTraits traits = JobTraits.None) =>
        (await Stores.Jobs.BeginAsync(new Job(name, JobStatus.Running, ManualTime.Start) { Traits = traits }, 0, Token))!.Value.Job;
}

public sealed class SqliteJobStoreTests : JobStoreContract;

[SharedServerTests]
public sealed class PostgresJobStoreTests : JobStoreContract
{
    private protected override IStoreSource NewSource() => new PostgresStores();
}
