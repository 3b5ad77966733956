using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vitrine.Caching;

namespace Vitrine.Work;

/// <summary>
/// Background work under names: one run per name at a time, with state, message, error and times kept after it ended.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class NamedJobs(JobStore store, Announcements announcements, TimeProvider time, ILogger<NamedJobs> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RunningJob> _running = new(StringComparer.Ordinal);
    private readonly Lock _submitting = new();
    private bool _stopping;

    /// <summary>Starts the work, unless a job of this name runs: then nothing happens and the answer is false.</summary>
    /// <param name="work">Ends early when its token is cancelled; may report how far it is.</param>
    public bool Submit(string name, Func<JobReport, CancellationToken, Task> work)
    {
        var running = new RunningJob(new Job(name, JobStatus.Running, null, null, time.GetUtcNow(), null), new CancellationTokenSource());
        lock (_submitting)
        {
            if (_stopping || !_running.TryAdd(name, running))
                return false;
        }

        _ = Task.Run(() => RunAsync(running, work));
        return true;
    }

    public bool IsRunning(string name) => _running.ContainsKey(name);

    /// <summary>Asks a running job to end; false when none of this name runs.</summary>
    public bool Cancel(string name)
    {
        if (!_running.TryGetValue(name, out var running))
            return false;
        running.CancelledByRequest = true;
        running.Cancel();
        return true;
    }

    /// <summary>Completes when no job of this name runs any more.</summary>
    public Task WhenEnded(string name) => _running.TryGetValue(name, out var running) ? running.Ended.Task : Task.CompletedTask;

    /// <summary>Running ones as they stand, ended ones as they ended; newest first.</summary>
    public IReadOnlyList<Job> All()
    {
        var running = _running.Values.Select(job => job.State).ToDictionary(job => job.Name, StringComparer.Ordinal);
        return [.. store.All().Where(job => !running.ContainsKey(job.Name)).Concat(running.Values).OrderByDescending(job => job.StartedAt)];
    }

    public Job? FindOrNull(string name) => _running.TryGetValue(name, out var running) ? running.State : store.FindOrNull(name);

    /// <summary>
    /// Cancels everything that runs and waits for it, as often as it is called. A scan that was stopped so goes on at the next start.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        lock (_submitting)
            _stopping = true;
        var left = _running.Values;
        foreach (var running in left)
            running.Cancel();
        await Task.WhenAll(left.Select(running => running.Ended.Task));
    }

    private async Task RunAsync(RunningJob running, Func<JobReport, CancellationToken, Task> work)
    {
        var report = new JobReport(
            message =>
            {
                running.Change(job => job.FinishedAt is null ? job with { Message = message } : job);
                announcements.Announce(new Announcement.JobChanged(running.State.Name));
            },
            () => running.CancelledByRequest);
        try
        {
            await store.SaveAsync(running.State, CancellationToken.None);
            announcements.Announce(new Announcement.JobChanged(running.State.Name));
            await work(report, running.Cancelled);
            End(running, JobStatus.Completed, null);
        }
        catch (OperationCanceledException) when (running.Cancelled.IsCancellationRequested)
        {
            var interrupted = running.CancelledByRequest ? null : "interrupted: the program was stopped while it ran";
            End(running, running.CancelledByRequest ? JobStatus.Cancelled : JobStatus.Failed, interrupted);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Job {Name} failed", running.State.Name);
            End(running, JobStatus.Failed, exception.Message);
        }

        await KeepAsync(running);
    }

    private void End(RunningJob running, JobStatus status, string? error) =>
        running.Change(job => job with { Status = status, Error = error, FinishedAt = time.GetUtcNow() });

    /// <summary>The end is kept before the name is free again, so that the job is never unknown in between.</summary>
    private async Task KeepAsync(RunningJob running)
    {
        try
        {
            await store.SaveAsync(running.State, CancellationToken.None);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The end of job {Name} could not be kept", running.State.Name);
        }

        _running.TryRemove(running.State.Name, out _);
        announcements.Announce(new Announcement.JobChanged(running.State.Name));
        running.Ended.SetResult();
    }

    /// <param name="cancellation">Has neither timer nor link and is not disposed: a request to cancel may come at any time.</param>
    private sealed class RunningJob(Job state, CancellationTokenSource cancellation)
    {
        private readonly Lock _gate = new();
        private volatile Job _state = state;

        public volatile bool CancelledByRequest;

        public Job State => _state;

        public CancellationToken Cancelled => cancellation.Token;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Cancel() => cancellation.Cancel();

        /// <summary>The work may report from several threads.</summary>
        public void Change(Func<Job, Job> change)
        {
            lock (_gate)
                _state = change(_state);
        }
    }
}
