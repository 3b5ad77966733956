using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Indexing.Watching;

/// <summary>
/// One loop for all libraries: looks every few seconds whether their roots are there, takes them offline and brings them back, and keeps
/// a watch on each one that is there and not paused.
/// </summary>
internal sealed class LibraryFollower(
    LibraryStore libraries,
    LibraryScans scans,
    RootCheck roots,
    IFolderWatcher watcher,
    FollowedLibraries followed,
    Announcements announcements,
    WatchOptions options,
    TimeProvider time,
    ILogger<LibraryFollower> logger)
{
    private readonly Dictionary<long, RunningWatch> _watches = [];
    private volatile TaskCompletionSource _changed = NewSignal();

    /// <summary>Until it is cancelled; then no watch is left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // a root that hangs holds up this loop, not the start
        using var listening = announcements.Subscribe(Hear);
        try
        {
            while (true)
            {
                _changed = NewSignal(); // before the look, so that no change is missed
                await LookAsync(stop);
                await Task.WhenAny(Task.Delay(options.RootCheckInterval, time, stop), _changed.Task);
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            foreach (var libraryId in _watches.Keys.ToList())
                await EndAsync(libraryId);
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            var all = libraries.All();
            foreach (var gone in _watches.Keys.Except(all.Select(library => library.Id)).ToList())
                await EndAsync(gone);
            foreach (var library in all)
                await LookAtAsync(library, stop);
        }
        catch (DatabaseUnavailableException exception)
        {
            logger.Log(Outages.LevelOf(exception, LogLevel.Warning), exception, "The folders of the libraries could not be looked at; tried again in {Interval}", options.RootCheckInterval);
        }
    }

    private async Task LookAtAsync(Library library, CancellationToken stop)
    {
        var state = roots.Look(library);
        if (state.Trouble is { } trouble)
        {
            await EndAsync(library.Id);
            followed.Set(library.Id, FollowMode.Off);
            if (library.Offline?.Reason != trouble && await libraries.SetOfflineAsync(library.Id, trouble, stop))
                logger.LogWarning("The folder {Path} {Trouble}. Nothing is removed; its work waits until the folder is back", library.Path, trouble);
            return;
        }

        var isBack = library.Offline is not null;
        if ((isBack || library.Device != state.Device) && await libraries.SetOnlineAsync(library.Id, state.Device, stop))
            logger.LogInformation("The folder {Path} is back", library.Path);
        if (library.Paused || !options.Enabled)
            followed.Set(library.Id, FollowMode.Off);
        if (library.Paused)
            await EndAsync(library.Id);
        else if (options.Enabled ? MayBegin(library.Id, state) : isBack)
            await BeginAsync(library, state);
    }

    /// <summary>
    /// Not while a watch goes on, and not at once after one that failed. A watch stays with the folder that it was begun on, wherever that one is
    /// moved: another folder in its place needs another watch.
    /// </summary>
    private bool MayBegin(long libraryId, RootState state) => !_watches.TryGetValue(libraryId, out var running)
        || running.Folder != state.Folder
        || (running.Task.IsCompleted && time.GetElapsedTime(running.BegunAt) >= options.RootCheckInterval);

    /// <summary>Arms a watch aside: where there are very many folders that takes a while. Without watches, scans once.</summary>
    private async Task BeginAsync(Library library, RootState state)
    {
        await EndAsync(library.Id);
        var stop = new CancellationTokenSource();
        var watch = new LibraryWatch(library, watcher, libraries, scans, followed, options, time, logger);
        var run = RunAsync(library, options.Enabled ? watch.RunAsync : watch.ScanOnceAsync, stop.Token);
        _watches[library.Id] = new RunningWatch(run, stop, time.GetTimestamp(), state.Folder);
    }

    /// <summary>A watch that fails is begun anew at one of the next looks.</summary>
    private async Task RunAsync(Library library, Func<CancellationToken, Task> run, CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await run(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // paused, offline, forgotten, or the program ends
        }
        catch (Exception exception)
        {
            logger.Log(Outages.LevelOf(exception, LogLevel.Error), exception, "Following {Path} failed", library.Path);
        }
    }

    private async Task EndAsync(long libraryId)
    {
        if (!_watches.Remove(libraryId, out var running))
            return;
        await running.Stop.CancelAsync();
        await running.Task;
        running.Stop.Dispose();
    }

    private void Hear(Announcement announcement)
    {
        if (announcement is Announcement.LibraryChanged or Announcement.LibraryForgotten)
            _changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record RunningWatch(Task Task, CancellationTokenSource Stop, long BegunAt, (ulong Device, ulong Inode) Folder);
}
