using System.Runtime.CompilerServices;

namespace Vitrine.Progress;

/// <summary>
/// Follows one library or task group for one client: the first snapshot at once, then at most one per
/// <see cref="MinimumInterval"/>, the latest again as a heartbeat, and the final one always; then it ends.
/// </summary>
/// <remarks>Thread-safe. A snapshot is read when it is sent, so an older count never follows a newer one.</remarks>
public sealed class ProgressFeed(ProgressBoard board, TimeProvider time)
{
    private long _offered;
    private long _sent;

    public static TimeSpan MinimumInterval { get; } = TimeSpan.FromMilliseconds(100);

    public static TimeSpan HeartbeatInterval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Changes that could have been sent, and snapshots that were, over all clients since the start.</summary>
    public (long Offered, long Sent) Statistics => (Interlocked.Read(ref _offered), Interlocked.Read(ref _sent));

    /// <summary>Empty for an unknown id.</summary>
    public async IAsyncEnumerable<ProgressSnapshot> FollowAsync(long id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (board.ScopeOrNull(id) is not { } scope)
            yield break;
        var lastVersion = -1L;
        while (true)
        {
            var changed = scope.Changed; // taken before the snapshot: a change in between is not missed
            if (board.SnapshotOrNull(id) is not { } snapshot)
                yield break; // forgotten meanwhile
            Interlocked.Add(ref _offered, lastVersion < 0 ? 1 : snapshot.Version - lastVersion);
            Interlocked.Increment(ref _sent);
            lastVersion = snapshot.Version;
            yield return snapshot;
            if (snapshot.IsFinal)
                yield break;
            await Task.Delay(MinimumInterval, time, cancellationToken);
            await WaitAsync(changed, cancellationToken);
        }
    }

    private async Task WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(HeartbeatInterval - MinimumInterval, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // nothing new: the caller sends a heartbeat
        }
    }
}
