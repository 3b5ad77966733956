using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Contracts;

public abstract class JobStoreContract : StoreContract
{
    [Fact]
    public async Task Save_SameNameAgain_KeepsTheLastRun()
    {
        var first = new Job("scan:1", JobStatus.Running, null, null, ManualTime.Start, null);
        var last = first with { Status = JobStatus.Completed, Message = "3 added", FinishedAt = ManualTime.Start + TimeSpan.FromSeconds(1) };
        await Stores.Jobs.SaveAsync(first, Token);

        await Stores.Jobs.SaveAsync(last, Token);
        await RestartAsync();

        Assert.Equal(last, Stores.Jobs.FindOrNull("scan:1"));
        Assert.Equal([last], Stores.Jobs.All());
        Assert.Null(Stores.Jobs.FindOrNull("scan:2"));
    }

    [Fact]
    public async Task All_SeveralJobs_AreNewestFirst()
    {
        foreach (var (name, minute) in new[] { ("b", 1), ("a", 1), ("c", 2) })
            await Stores.Jobs.SaveAsync(new Job(name, JobStatus.Completed, null, null, ManualTime.Start + TimeSpan.FromMinutes(minute), null), Token);

        Assert.Equal(["c", "a", "b"], Stores.Jobs.All().Select(job => job.Name));
    }

    [Fact]
    public async Task FailInterrupted_RunningAndEndedJobs_FailsOnlyWhatRan()
    {
        foreach (var status in Enum.GetValues<JobStatus>())
            await Stores.Jobs.SaveAsync(new Job($"{status}", status, null, null, ManualTime.Start, null), Token);

        await Stores.Jobs.FailInterruptedAsync(Token);

        foreach (var name in new[] { "Queued", "Running" })
        {
            var job = Stores.Jobs.FindOrNull(name)!;
            Assert.Equal((JobStatus.Failed, ManualTime.Start), (job.Status, job.FinishedAt));
            Assert.StartsWith("interrupted:", job.Error, StringComparison.Ordinal);
        }

        Assert.Equal(JobStatus.Completed, Stores.Jobs.FindOrNull("Completed")!.Status);
        Assert.Equal(JobStatus.Cancelled, Stores.Jobs.FindOrNull("Cancelled")!.Status);
    }
}

public sealed class SqliteJobStoreTests : JobStoreContract
{
    private protected override Stores Open(string folder, ManualTime time) => SqliteStores.Open(folder, time);
}
