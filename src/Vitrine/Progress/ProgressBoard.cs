using System.Collections.Concurrent;

namespace Vitrine.Progress;

/// <summary>The newest committed progress of every library and task group, in memory, for all who show it.</summary>
/// <remarks>Thread-safe. Fed after commits only: what it shows is in the database.</remarks>
public sealed class ProgressBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, ProgressScope> _scopes = new();

    /// <summary>Null for an id that is neither a library nor a task group.</summary>
    public ProgressSnapshot? SnapshotOrNull(long id) =>
        _scopes.TryGetValue(id, out var scope)
            ? scope.Snapshot(scope.LibraryId == id ? AllThatIsLeftIsCancelled(id) : scope.State.Cancelled, time)
            : null;

    internal ProgressScope? ScopeOrNull(long id) => _scopes.GetValueOrDefault(id);

    internal void Update(long id, long libraryId, Func<ScopeState, ScopeState> change) =>
        _scopes.GetOrAdd(id, static (key, library) => new ProgressScope(key, library), libraryId).Update(change, time);

    /// <summary>The version that is known of each library's counters.</summary>
    internal Dictionary<long, long> LibraryVersions() =>
        _scopes.Where(scope => scope.Key == scope.Value.LibraryId).ToDictionary(scope => scope.Key, scope => scope.Value.State.Version);

    /// <summary>Takes a library and its task groups off the board.</summary>
    internal void ForgetLibrary(long libraryId) => Forget([.. _scopes.Where(scope => scope.Value.LibraryId == libraryId).Select(scope => scope.Key)]);

    private bool AllThatIsLeftIsCancelled(long libraryId)
    {
        var unfinished = _scopes.Values
            .Where(scope => scope.LibraryId == libraryId && scope.State is { TaskGroupId: 0 } group && group.Counts.Settled < group.Counts.Total)
            .ToList();
        return unfinished.Count > 0 && unfinished.TrueForAll(scope => scope.State.Cancelled);
    }

    internal void Forget(IEnumerable<long> ids)
    {
        foreach (var id in ids)
        {
            if (_scopes.TryRemove(id, out var forgotten))
                forgotten.End();
        }
    }
}
