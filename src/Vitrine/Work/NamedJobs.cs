using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>
/// Background work under names: one run per name at a time, with state, message, result, error, times and log lines kept after
/// it ended. The last runs of each name are kept.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class NamedJobs : IAsyncDisposable
{
    /// <summary>What a running job said is written down so often, for who looks after a crash.</summary>
    private static readonly TimeSpan s_keepEvery = TimeSpan.FromSeconds(5);

    /// <summary>Another process's job is looked at so often while somebody waits for its end.</summary>
    private static readonly TimeSpan s_lookElsewhere = TimeSpan.FromMilliseconds(200);

    private readonly JobStore _store;
    private readonly ThisWorker _worker;
    private readonly Announcements _announcements;
    private readonly TimeProvider _time;
    private readonly ILogger<NamedJobs> _logger;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<string, RunningJob> _running = new(StringComparer.Ordinal);
    private readonly Lock _submitting = new();
    private readonly CancellationTokenSource _stopped = new(); // has neither timer nor link, and is not disposed: an end may be asked for twice
    private bool _stopping;

    public NamedJobs(JobStore store, ThisWorker worker, Announcements announcements, TimeProvider time, ILogger<NamedJobs> logger)
    {
        (_store, _worker, _announcements, _time, _logger) = (store, worker, announcements, time, logger);
        _subscription = announcements.Subscribe(Hear);
    }

    /// <summary>Starts the work, unless a job of this name runs, here or in another process: then nothing happens and the answer is false.</summary>
    /// <param name="work">Ends early when its token is cancelled; may report how far it is.</param>
    /// <param name="traits">What the work promises.</param>
    public bool Submit(string name, Func<JobReport, CancellationToken, Task> work, JobTraits traits = JobTraits.None)
    {
        var running = new RunningJob(
            new Job(name, JobStatus.Running, _time.GetStoredNow()) { Traits = traits }, new CancellationTokenSource(), _time,
            changed => _announcements.Announce(new Announcement.JobChanged(changed)));
        lock (_submitting)
        {
            if (_stopping || _store.RunsElsewhere(name, _worker.Id) || !_running.TryAdd(name, running))
                return false;
        }

        _ = Task.Run(() => RunAsync(running, work));
        return true;
    }

    /// <summary>Starts the work now, or when the run of this name ends that is there: work that is found by looking, and that run may have looked already.</summary>
    /// <param name="work">As for <see cref="Submit"/>.</param>
    public void SubmitOnceMore(string name, Func<JobReport, CancellationToken, Task> work, JobTraits traits = JobTraits.None) =>
        _ = SubmitOnceMoreAsync(name, work, traits);

    /// <summary>Whether it runs here or in another process.</summary>
    public bool IsRunning(string name) => _running.ContainsKey(name) || _store.RunsElsewhere(name, _worker.Id);

    /// <summary>Asks a running job to end; false when none of this name runs.</summary>
    public async Task<bool> CancelAsync(string name, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(name, out var running))
        {
            running.Cancel();
            return true;
        }

        if (!_store.RunsElsewhere(name, _worker.Id) || !await _store.AskCancelAsync(name, cancellationToken))
            return false;
        _announcements.Announce(new Announcement.JobAsked(name));
        return true;
    }

    /// <summary>
    /// Holds a running job between two of its items, or lets it go on; durable when it returns, and kept over a restart. False when none
    /// of this name runs or it cannot be paused.
    /// </summary>
    public async Task<bool> SetPausedAsync(string name, bool paused, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(name, out var running))
            return _store.RunsElsewhere(name, _worker.Id) && await SetPausedElsewhereAsync(name, paused, cancellationToken);
        if (!running.State.Traits.HasFlag(JobTraits.Pausable))
            return false;
        await running.Begun.Task.WaitAsync(cancellationToken);
        await _store.SetPausedAsync(running.State.RunId, paused, cancellationToken);
        Obey(running);
        return true;
    }

    /// <summary>Completes when no job of this name runs any more.</summary>
    public async Task WhenEnded(string name)
    {
        if (_running.TryGetValue(name, out var running))
            await running.Ended.Task;
        while (_store.RunsElsewhere(name, _worker.Id))
            await Task.Delay(s_lookElsewhere); // in real time: another process does not live by a clock that is moved
    }

    /// <summary>The last run of each job: running ones as they stand, ended ones as they ended; newest first.</summary>
    public IReadOnlyList<Job> All()
    {
        var running = _running.Values.Select(job => job.State).ToDictionary(job => job.Name, StringComparer.Ordinal);
        return [.. _store.All().Where(job => !running.ContainsKey(job.Name)).Concat(running.Values).OrderByDescending(job => job.StartedAt)];
    }

    public Job? FindOrNull(string name) => _running.TryGetValue(name, out var running) ? running.State : _store.FindOrNull(name);

    /// <summary>The runs that are kept, newest first; empty for a job that never ran.</summary>
    public IReadOnlyList<Job> Runs(string name)
    {
        var kept = _store.Runs(name);
        return _running.TryGetValue(name, out var running)
            ? [running.State, .. kept.Where(job => job.RunId != running.State.RunId)]
            : kept;
    }

    /// <summary>The last log lines of a run, oldest first.</summary>
    public IReadOnlyList<JobLine> Lines(Job run) =>
        _running.TryGetValue(run.Name, out var running) && running.State.RunId == run.RunId ? running.Lines : _store.Lines(run.RunId);

    /// <summary>To be called once at the start, when everything that goes on by itself was submitted.</summary>
    public Task FailLeftQueuedAsync(CancellationToken cancellationToken) => _store.FailLeftQueuedAsync([.. _running.Keys], cancellationToken);

    /// <summary>Cancels everything that runs and waits for it, at most so long; resumable jobs go on at the next start.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        lock (_submitting)
            _stopping = true;
        await _stopped.CancelAsync();
        var left = _running.Values.ToList();
        left.ForEach(running => running.Stop());
        try
        {
            await Task.WhenAll(left.Select(running => running.Ended.Task)).WaitAsync(grace, _time);
        }
        catch (TimeoutException)
        {
            var names = left.Where(running => !running.Ended.Task.IsCompleted).Select(running => running.Name);
            _logger.LogError("The program ends without waiting any longer for jobs that do not end: {Names}", string.Join(", ", names));
        }
    }

    /// <summary>As <see cref="StopAsync"/>, with all the time that the jobs take.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(Timeout.InfiniteTimeSpan);
        _subscription.Dispose();
    }

    private async Task<bool> SetPausedElsewhereAsync(string name, bool paused, CancellationToken cancellationToken)
    {
        if (_store.FindOrNull(name) is not { Status: JobStatus.Running } job || !job.Traits.HasFlag(JobTraits.Pausable))
            return false;
        await _store.SetPausedAsync(job.RunId, paused, cancellationToken);
        _announcements.Announce(new Announcement.JobAsked(name));
        return true;
    }

    /// <summary>Another process asked something of a job that may run here.</summary>
    private void Hear(Announcement announcement)
    {
        if (announcement is Announcement.JobAsked { Name: var name } && _running.TryGetValue(name, out var running))
            Obey(running);
    }

    /// <summary>Does what the run's row asks. The row is the truth, whoever wrote it: the last to look at it has seen the last that was asked.</summary>
    private void Obey(RunningJob running)
    {
        lock (running.Obeying)
        {
            if (_store.FindOrNull(running.Name) is not { } asked || asked.RunId != running.State.RunId)
                return;
            if (asked.Paused != running.State.Paused)
                running.SetPaused(asked.Paused);
            if (asked.CancelAskedAt is null)
                return;
        }

        running.Cancel();
    }

    private async Task SubmitOnceMoreAsync(string name, Func<JobReport, CancellationToken, Task> work, JobTraits traits)
    {
        for (var attempt = 1; !_stopped.IsCancellationRequested; attempt++)
        {
            try
            {
                if (!Submit(name, work, traits))
                {
                    await WhenEnded(name);
                    Submit(name, work, traits); // where another was faster, it looks after this was asked for
                }

                return;
            }
            catch (DatabaseUnavailableException exception)
            {
                _logger.Log(Outages.LevelOf(exception, LogLevel.Warning), "Job {Name} waits for the database: {Reason}", name, exception.Message);
                await Task.Delay(Soon(attempt), _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(RunningJob running, Func<JobReport, CancellationToken, Task> work)
    {
        JobLog.Enter(running);
        using var ended = new CancellationTokenSource();
        var keeping = Task.CompletedTask;
        try
        {
            if (await BeginAsync(running) is not { } begun)
            {
                Withdraw(running); // another process was faster
                return;
            }

            running.Begin(begun.Job, begun.Lines);
            Obey(running); // others see the run since its row is there
            _announcements.Announce(new Announcement.JobChanged(running.Name));
            keeping = KeepWhileItRunsAsync(running, ended.Token);
            await work(new JobReport(running), running.Cancelled);
            End(running, JobStatus.Completed);
        }
        catch (OperationCanceledException) when (running.Cancelled.IsCancellationRequested)
        {
            EndEarly(running);
        }
        catch (Exception exception)
        {
            _logger.Log(Outages.LevelOf(exception, LogLevel.Error), exception, "Job {Name} failed", running.Name);
            End(running, JobStatus.Failed, exception.Message, exception.StackTrace);
        }

        running.Begun.TrySetResult();
        await ended.CancelAsync();
        await keeping;
        await KeepEndAsync(running);
    }

    /// <summary>What was accepted runs: a database that is away is waited for.</summary>
    private async Task<(Job Job, IReadOnlyList<JobLine> Lines)?> BeginAsync(RunningJob running)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _store.BeginAsync(running.State, _worker.Id, CancellationToken.None, again: attempt > 1);
            }
            catch (DatabaseUnavailableException exception) when (!_stopped.IsCancellationRequested)
            {
                _logger.Log(Outages.LevelOf(exception, LogLevel.Warning), "Job {Name} waits for the database: {Reason}", running.Name, exception.Message);
                await Task.Delay(Soon(attempt), _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Withdraw(RunningJob running)
    {
        running.Begun.TrySetResult();
        _running.TryRemove(running.Name, out _);
        running.Ended.SetResult();
    }

    private void EndEarly(RunningJob running)
    {
        if (running.CancelledByRequest)
            End(running, JobStatus.Cancelled);
        else if (running.State.Traits.HasFlag(JobTraits.Resumable))
            running.Change(job => job with { Status = JobStatus.Queued }); // goes on at the next start
        else
            End(running, JobStatus.Failed, "interrupted: the program was stopped while it ran");
    }

    private void End(RunningJob running, JobStatus status, string? error = null, string? stack = null) =>
        running.Change(job => job with { Status = status, Paused = false, Error = error, Stack = stack, FinishedAt = _time.GetStoredNow() });

    private async Task KeepWhileItRunsAsync(RunningJob running, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(s_keepEvery, _time);
        var hasWarned = false;
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (!hasWarned && running.State.OverdueOrNull(_time.GetUtcNow()) is { } overdue)
                {
                    hasWarned = true;
                    _logger.LogWarning("Job {Name} was {Overdue}", running.Name, overdue);
                    running.Change(job => job); // whoever shows it shows that now
                }

                if (running.TakeUnkept())
                    await TrySaveAsync(running, "What job {Name} said could not be kept");
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // the end is kept by who ended it
        }
    }

    /// <summary>
    /// The end is kept before the name is free again, so that the job is never unknown in between, nor taken by other processes for one
    /// that still runs here: it is tried until the database takes it.
    /// </summary>
    private async Task KeepEndAsync(RunningJob running)
    {
        for (var attempt = 1; !await TrySaveAsync(running, "The end of job {Name} could not be kept") && !_stopped.IsCancellationRequested; attempt++)
            await Task.Delay(Soon(attempt), _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.TryRemove(running.Name, out _);
        _announcements.Announce(new Announcement.JobChanged(running.Name));
        running.Ended.SetResult();
    }

    /// <summary>Somebody may wait for the name.</summary>
    private static TimeSpan Soon(int attempt) => RetryPolicy.Backoff(Math.Min(attempt, 3));

    /// <returns>False when it may succeed later.</returns>
    private async Task<bool> TrySaveAsync(RunningJob running, string trouble)
    {
        try
        {
            await _store.SaveAsync(running.State, running.Lines, CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
#pragma warning disable CA2254 // one of the two texts above
            _logger.Log(Outages.LevelOf(exception, LogLevel.Error), exception, trouble, running.Name);
#pragma warning restore CA2254
            return exception is not DatabaseUnavailableException;
        }
    }
}
