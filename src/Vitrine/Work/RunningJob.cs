using Microsoft.Extensions.Logging;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>A job while it runs: its state, its last log lines, and the switches that pause and cancel it.</summary>
/// <param name="state">As it begins.</param>
/// <param name="cancellation">Has neither timer nor link and is not disposed: a request to cancel may come at any time.</param>
/// <param name="time">For its log lines.</param>
/// <param name="changed">Hears the name after every change.</param>
/// <remarks>Thread-safe: the work may report from several threads.</remarks>
internal sealed class RunningJob(Job state, CancellationTokenSource cancellation, TimeProvider time, Action<string> changed)
{
    /// <summary>Lines kept of a run; the oldest fall off.</summary>
    public const int KeptLines = 100;

    private readonly Lock _gate = new();

    private readonly Queue<JobLine> _lines = new();
    private Job _state = state;
    private TaskCompletionSource? _resumed;
    private bool _unkept;

    public string Name { get; } = state.Name;

    public Job State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<JobLine> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public CancellationToken Cancelled => cancellation.Token;

    /// <summary>Whether a person cancelled it, and not the end of the program.</summary>
    public bool CancelledByRequest => State.CancelAskedAt is not null;

    /// <summary>Completes when the run has its row, or could not get one.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the end is kept and the name is free.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Held while its row is read and obeyed.</summary>
    public Lock Obeying { get; } = new();

    /// <summary>Takes the place of the run's row, which may be that of an interrupted run that goes on.</summary>
    public void Begin(Job begun, IReadOnlyList<JobLine> lines)
    {
        lock (_gate)
        {
            foreach (var line in lines)
                _lines.Enqueue(line);
            _state = begun with { Paused = _state.Paused || begun.Paused, CancelAskedAt = _state.CancelAskedAt };
            if (_state.Paused)
                _resumed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Begun.TrySetResult();
    }

    public void Change(Func<Job, Job> change)
    {
        lock (_gate)
        {
            _state = change(_state);
            _unkept = true;
        }

        changed(Name);
    }

    public void Say(string message, double? fraction) =>
        Change(job => job.FinishedAt is null ? job with { Message = message, Fraction = fraction ?? job.Fraction } : job);

    public void Log(LogLevel level, string text)
    {
        lock (_gate)
        {
            _lines.Enqueue(new JobLine(time.GetStoredNow(), level, text.ReplaceLineEndings(" ⏎ ")));
            if (_lines.Count > KeptLines)
                _lines.Dequeue();
            _unkept = true;
        }
    }

    /// <summary>Ends the work at the program's end.</summary>
    public void Stop() => cancellation.Cancel();

    /// <summary>A person asks it to end; the first time counts.</summary>
    public void Cancel()
    {
        Change(job => job with { CancelAskedAt = job.CancelAskedAt ?? time.GetStoredNow() });
        cancellation.Cancel();
    }

    public void SetPaused(bool paused)
    {
        TaskCompletionSource? resumed = null;
        Change(job =>
        {
            if (paused)
                _resumed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            else
                (resumed, _resumed) = (_resumed, null);
            return job with { Paused = paused };
        });
        resumed?.SetResult();
    }

    public async Task WaitWhilePausedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task? resumed;
            lock (_gate)
                resumed = _resumed?.Task;
            if (resumed is null)
                return;
            await resumed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Whether something was said since the last call.</summary>
    public bool TakeUnkept()
    {
        lock (_gate)
        {
            var unkept = _unkept;
            _unkept = false;
            return unkept;
        }
    }
}
