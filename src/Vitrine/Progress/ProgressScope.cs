namespace Vitrine.Progress;

/// <summary>What the board keeps of one library or task group. Guarded by its own lock.</summary>
internal sealed class ProgressScope(long id, long libraryId)
{
    private static readonly TimeSpan s_rateWindow = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly RateMeter _found = new(s_rateWindow);
    private readonly RateMeter _indexed = new(s_rateWindow);
    private readonly RateMeter _settled = new(s_rateWindow);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScopeState _state = ScopeState.Empty;

    /// <summary>Completes at the next change after this was read.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    public ScopeState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    public long LibraryId => libraryId;

    /// <summary>Takes a newer state; an older one than it has is ignored, so that versions never fall.</summary>
    public void Update(Func<ScopeState, ScopeState> change, TimeProvider time)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            var next = change(_state);
            if (next.Version < _state.Version)
                return;
            _state = next;
            var now = time.GetTimestamp();
            _found.Observe(now, next.Counts.Total, time);
            _indexed.Observe(now, next.Counts.Total - next.Counts.Pending, time);
            _settled.Observe(now, next.Counts.Settled, time);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }

    /// <summary>It was forgotten: who follows it looks again, and finds it gone.</summary>
    public void End()
    {
        lock (_gate)
            _changed.TrySetResult();
    }

    /// <param name="cancelled">Whether all that is left was cancelled.</param>
    /// <param name="time">For the rates.</param>
    public ProgressSnapshot Snapshot(bool cancelled, TimeProvider time)
    {
        lock (_gate)
        {
            var (counts, scanning) = (_state.Counts, _state.Scanning);
            var phase = scanning ? ProgressPhase.Scanning
                : counts.Pending > 0 ? ProgressPhase.Metadata
                : counts.Settled < counts.Total ? ProgressPhase.Embedding
                : ProgressPhase.Done;
            var status = phase == ProgressPhase.Done ? ProgressStatus.Complete
                : cancelled && !scanning ? ProgressStatus.Cancelled
                : _state.Paused ? ProgressStatus.Paused
                : ProgressStatus.InProgress;
            var now = time.GetTimestamp();
            var (indexing, settling) = (_indexed.PerSecond(now, time), _settled.PerSecond(now, time));
            var rate = phase switch
            {
                ProgressPhase.Scanning => _found.PerSecond(now, time),
                ProgressPhase.Metadata => indexing,
                ProgressPhase.Embedding => settling,
                _ => 0,
            };
            return new ProgressSnapshot(
                libraryId,
                _state.TaskGroupId == 0 ? id : _state.TaskGroupId,
                phase,
                status,
                scanning,
                counts,
                rate,
                status == ProgressStatus.InProgress ? EtaSecondsOrNull(counts, scanning, indexing, settling) : null,
                _state.Version,
                _state.UpdatedAt);
        }
    }

    /// <summary>Both stages run side by side, so the slower one tells when the last asset is done.</summary>
    private static double? EtaSecondsOrNull(StatusCounts counts, bool scanning, double indexing, double settling)
    {
        var unsettled = counts.Total - counts.Settled;
        if (scanning || (counts.Pending > 0 && indexing <= 0) || settling <= 0)
            return null;
        return Math.Max(counts.Pending > 0 ? counts.Pending / indexing : 0, unsettled / settling);
    }
}
