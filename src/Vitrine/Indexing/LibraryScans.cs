using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>Adding libraries and scanning them as named jobs, <c>scan:LIBRARY</c>, and cancelling their work.</summary>
public sealed class LibraryScans : IDisposable
{
    private readonly LibraryStore _libraries;
    private readonly NamedJobs _jobs;
    private readonly LibraryScan _scan;
    private readonly ForgottenAssets _forgotten;
    private readonly ProgressBoard _progress;
    private readonly TaskGroups _groups;
    private readonly TimeProvider _time;

    /// <summary>A scan that has its task group for so long has its job too, or never got one.</summary>
    private static readonly TimeSpan s_beginning = TimeSpan.FromSeconds(15);

    /// <summary>How long whoever asks waits for a running scan to end: a disk that is full, or a drive that hangs, may hold it much longer.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>One change at a time: two requests at once would make two task groups for one scan, and one would never end.</summary>
    private readonly SemaphoreSlim _gate = new(1);

    internal LibraryScans(
        LibraryStore libraries, NamedJobs jobs, LibraryScan scan, ForgottenAssets forgotten, ProgressBoard progress, TaskGroups groups, TimeProvider time)
    {
        (_libraries, _jobs, _scan, _forgotten, _progress, _groups, _time) = (libraries, jobs, scan, forgotten, progress, groups, time);
    }

    public static string JobName(long libraryId) => $"scan:{libraryId}";

    /// <summary>Adds a library and starts its scan; returns as soon as its row is durable. The same path again is the same library.</summary>
    /// <param name="path">As <see cref="LibraryRoot.Check"/> returned it.</param>
    public Task<(Library Library, bool Created)> AddAsync(string path, string? name, bool includeHidden, CancellationToken cancellationToken) =>
        OneAtATimeAsync(
            async () =>
            {
                var (library, created) = await _libraries.AddAsync(path, name, includeHidden, cancellationToken);
                if (created)
                    Submit(library, library.TaskGroupId, ScanReach.Whole);
                return (library, created);
            },
            cancellationToken);

    /// <summary>Scans again, in a new task group that takes up all unfinished work; the running scan's group while one runs.</summary>
    /// <param name="confirmRemoval">Files that are gone are removed, however many they are; a running scan is begun anew for it.</param>
    public Task<long> ScanAsync(Library library, bool confirmRemoval, CancellationToken cancellationToken) =>
        OneAtATimeAsync(
            async () =>
            {
                if (!confirmRemoval && _jobs.IsRunning(JobName(library.Id)) && _progress.SnapshotOrNull(library.Id) is { Scanning: true } running)
                    return running.TaskGroupId;
                // What runs else has done its walk, or looks at a few folders only. It may be paused, and nobody could resume it while
                // somebody waits here.
                await StopScanAsync(library.Id, cancellationToken);
                var taskGroupId = await _libraries.BeginTaskGroupAsync(library.Id, cancellationToken);
                Submit(library, taskGroupId, ScanReach.Whole, confirmRemoval);
                return taskGroupId;
            },
            cancellationToken);

    /// <summary>Returns when no scan of the library lists its files; at once when it is not known.</summary>
    internal async Task WhenWalkedAsync(long libraryId, CancellationToken cancellationToken)
    {
        while (_progress.ScopeOrNull(libraryId) is { } scope)
        {
            var changed = scope.Changed; // before the look, so that no change is missed
            if (!scope.State.Scanning)
                return;
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Looks at what changed, when no other scan runs any more, in the newest task group and without calling the library scanned anew.
    /// A library that is paused or forgotten is left alone.
    /// </summary>
    /// <returns>How the scan ended; null when there was none.</returns>
    internal async Task<JobStatus?> FollowAsync(long libraryId, ScanReach reach, CancellationToken cancellationToken)
    {
        var name = JobName(libraryId);
        bool? begun = null;
        while (begun is null)
        {
            await _jobs.WhenEnded(name).WaitAsync(cancellationToken);
            begun = await OneAtATimeAsync(async () => _jobs.IsRunning(name) ? (bool?)null : await BeginFollowingAsync(libraryId, reach, cancellationToken), cancellationToken);
        }

        await _jobs.WhenEnded(name).WaitAsync(cancellationToken);
        return begun.Value ? _jobs.FindOrNull(name)?.Status : null;
    }

    private async Task<bool> BeginFollowingAsync(long libraryId, ScanReach reach, CancellationToken cancellationToken)
    {
        if (_libraries.FindOrNull(libraryId) is not { Paused: false } library)
            return false;
        var taskGroupId = await _libraries.OpenTaskGroupAsync(libraryId, cancellationToken);
        // What is missing may be what came: only a look at everything tells how much of it still is.
        return Submit(library, taskGroupId, library.Missing > 0 && reach.Settles ? reach with { Folders = null } : reach, asked: false);
    }

    /// <summary>Ends the scan and leaves what is not finished as it is, until the library is scanned again.</summary>
    public Task CancelAsync(long libraryId, CancellationToken cancellationToken) =>
        OneAtATimeAsync(
            async () =>
            {
                await StopAllAsync(libraryId, cancellationToken);
                await _libraries.CancelAsync(libraryId, cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>Holds the library's work, and its scan if one runs, between two items; kept over restarts.</summary>
    public Task PauseAsync(long libraryId, CancellationToken cancellationToken) => SetPausedAsync(libraryId, paused: true, cancellationToken);

    public Task ResumeAsync(long libraryId, CancellationToken cancellationToken) => SetPausedAsync(libraryId, paused: false, cancellationToken);

    /// <summary>Forgets the library; false when there is none. Its rows are swept in the background.</summary>
    public Task<bool> ForgetAsync(long libraryId, CancellationToken cancellationToken) =>
        OneAtATimeAsync(
            async () =>
            {
                await StopAllAsync(libraryId, cancellationToken);
                var forgotten = await _libraries.ForgetAsync(libraryId, cancellationToken);
                SweepForgotten();
                return forgotten;
            },
            cancellationToken);

    public void Dispose() => _gate.Dispose();

    /// <summary>Scans and sweeps that a stopped process left unfinished begin again, scans in their own task group.</summary>
    internal void ResumeInterrupted()
    {
        SweepForgotten();
        foreach (var (libraryId, taskGroupId, _) in _libraries.InterruptedScans())
        {
            if (_libraries.FindOrNull(libraryId) is { } library)
                Submit(library, taskGroupId, ScanReach.Whole);
        }
    }

    /// <summary>
    /// Goes on with scans of processes that are gone, and with those that were asked for and never begun: whoever asked was not told that it
    /// had been written. One that another process is just beginning is left to it.
    /// </summary>
    internal void TakeUpLeft()
    {
        var justNow = _time.GetUtcNow() - s_beginning;
        foreach (var (libraryId, taskGroupId, createdAt) in _libraries.InterruptedScans())
        {
            var mayBegin = createdAt < justNow || _jobs.FindOrNull(JobName(libraryId)) is { Status: JobStatus.Queued or JobStatus.Failed };
            if (mayBegin && !_jobs.IsRunning(JobName(libraryId)) && _libraries.FindOrNull(libraryId) is { } library)
                Submit(library, taskGroupId, ScanReach.Whole);
        }
    }

    /// <summary>A sweep that runs already may just have found nothing more.</summary>
    private void SweepForgotten() => _jobs.SubmitOnceMore("sweep-forgotten", (_, stop) => _forgotten.SweepAsync(stop), JobTraits.Resumable);

    private async Task<T> OneAtATimeAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _gate.Release();
        }
    }

    private Task SetPausedAsync(long libraryId, bool paused, CancellationToken cancellationToken) =>
        OneAtATimeAsync(
            async () =>
            {
                await _libraries.SetPausedAsync(libraryId, paused, cancellationToken);
                return await _jobs.SetPausedAsync(JobName(libraryId), paused, cancellationToken);
            },
            cancellationToken);

    private Task StopScanAsync(long libraryId, CancellationToken cancellationToken) => StopAsync(JobName(libraryId), cancellationToken);

    /// <summary>As <see cref="StopScanAsync"/>; a retry that is still being put together would go on filling what is cancelled.</summary>
    private async Task StopAllAsync(long libraryId, CancellationToken cancellationToken)
    {
        await StopScanAsync(libraryId, cancellationToken);
        await StopAsync(FailureRetries.JobName(libraryId), cancellationToken);
    }

    private async Task StopAsync(string job, CancellationToken cancellationToken)
    {
        if (!await _jobs.CancelAsync(job, cancellationToken))
            return;
        try
        {
            await _jobs.WhenEnded(job).WaitAsync(Patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new JobDoesNotEndException(job, _jobs.FindOrNull(job)?.Message);
        }
    }

    /// <param name="asked">Whether a person asked for the scan: then it takes up all that is unfinished, cancelled or not.</param>
    private bool Submit(Library library, long taskGroupId, ScanReach reach, bool confirmed = false, bool asked = true) => _jobs.Submit(
        JobName(library.Id),
        (report, stop) => RunAsync(library, taskGroupId, reach, confirmed, asked, report, stop),
        JobTraits.Pausable | JobTraits.Resumable);

    private async Task RunAsync(
        Library library, long taskGroupId, ScanReach reach, bool confirmed, bool asked, JobReport report, CancellationToken stop)
    {
        try
        {
            for (var attempt = 1; !await TryRunAsync(library, taskGroupId, reach, confirmed, asked, report, stop); attempt++)
                await Task.Delay(RetryPolicy.Backoff(Math.Min(attempt, 3)), _time, stop); // somebody watches it
        }
        catch (Exception exception) when (exception is not OperationCanceledException || report.IsCancelled)
        {
            // A scan that failed or was cancelled is over, so that nobody waits for it; the job keeps the reason.
            await EndScanAsync(library.Id, taskGroupId, stop);
            throw;
        }
    }

    /// <summary>A scan that was accepted is done: when the database is away it waits, and begins anew with what is taken in already.</summary>
    private async Task<bool> TryRunAsync(
        Library library, long taskGroupId, ScanReach reach, bool confirmed, bool asked, JobReport report, CancellationToken stop)
    {
        try
        {
            if (asked)
                await _groups.TakeOverAsync(library.Id, taskGroupId, includeCancelled: true, stop);
            // As it is now: its device and whether it is offline may have changed since it was asked for.
            await _scan.RunAsync(_libraries.FindOrNull(library.Id) ?? library, taskGroupId, reach, confirmed, report, stop);
            return true;
        }
        catch (DatabaseUnavailableException exception)
        {
            report.Say($"waiting: {exception.Message}");
            return false;
        }
    }

    /// <summary>A disk that is full ends a scan, and cannot take its end: it is tried until it can, or everybody would see it scan on for ever.</summary>
    private async Task EndScanAsync(long libraryId, long taskGroupId, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _libraries.EndScanAsync(libraryId, taskGroupId, CancellationToken.None);
                return;
            }
            catch (DatabaseUnavailableException) when (!stop.IsCancellationRequested)
            {
                await Task.Delay(RetryPolicy.Backoff(attempt), stop);
            }
        }
    }
}
