using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Server.Tests;

/// <summary>A job in a running server that goes on only as a test lets it: it waits before each of its items, and ends when it is told to.</summary>
internal sealed class HeldJob
{
    private readonly NamedJobs _jobs;
    private readonly Channel<bool> _items = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _done;

    private HeldJob(NamedJobs jobs, string name) => (_jobs, Name) = (jobs, name);

    public string Name { get; }

    /// <summary>Items that it did.</summary>
    public int Done => _done;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Submits the job and waits until it works.</summary>
    public static async Task<HeldJob> StartAsync(RunningServer server, string name, JobTraits traits = JobTraits.Pausable)
    {
        var job = new HeldJob(server.Server.Services.GetRequiredService<NamedJobs>(), name);
        var log = server.Server.Services.GetRequiredService<ILogger<HeldJob>>();
        Assert.True(job._jobs.Submit(name, (report, stop) => job.RunAsync(report, log, stop), traits));
        await job._begun.Task.WaitAsync(Cancelled);
        return job;
    }

    /// <summary>Lets it do one more item, as soon as it is not paused.</summary>
    public void Next() => _items.Writer.TryWrite(true);

    /// <summary>Lets it end and waits for that.</summary>
    public async Task EndAsync()
    {
        _items.Writer.Complete();
        await EndedAsync();
    }

    public Task EndedAsync() => _jobs.WhenEnded(Name).WaitAsync(Cancelled);

    private async Task RunAsync(JobReport report, ILogger log, CancellationToken stop)
    {
        log.LogWarning("Item {Item} is 'odd'", 1);
        report.Say("no item yet", 0.25);
        _begun.SetResult();
        await foreach (var _ in _items.Reader.ReadAllAsync(stop))
        {
            await report.WaitWhilePausedAsync(stop);
            report.Say($"{++_done} items", 0.5);
        }

        report.SayResult($"did {_done} items");
    }
}
