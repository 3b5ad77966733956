using System.Collections.Concurrent;
using Vitrine.Progress;

namespace Vitrine.Work;

/// <summary>
/// Libraries whose folder this process did not see a moment ago: it claims nothing of them for a while, so that processes which see it
/// go on at once.
/// </summary>
/// <remarks>Thread-safe. Of this process only: another one may have the drive.</remarks>
public sealed class UnseenRoots(TimeProvider time)
{
    private readonly ConcurrentDictionary<(Stage Stage, long LibraryId), long> _unseenAt = new();

    /// <summary>To be called before claims are given back, or they would be claimed again at once.</summary>
    /// <returns>Whether this is news.</returns>
    public bool Note(Stage stage, long libraryId)
    {
        var wasKnown = IsUnseen((stage, libraryId));
        _unseenAt[(stage, libraryId)] = time.GetTimestamp();
        return !wasKnown;
    }

    /// <summary>The libraries of which nothing is to be claimed for this stage now; each is looked at again after <see cref="RetryPolicy.OfflineWait"/>.</summary>
    public IReadOnlyList<long> Of(Stage stage) => [.. _unseenAt.Keys.Where(key => key.Stage == stage && IsUnseen(key)).Select(key => key.LibraryId)];

    private bool IsUnseen((Stage, long) key) => _unseenAt.TryGetValue(key, out var at) && time.GetElapsedTime(at) < RetryPolicy.OfflineWait;
}
