
namespace Vitrine.Progress;

/// <summary>
/// Gathers what one transaction does to the counters, so that each counter row is written once per transaction.
/// </summary>
public sealed class CounterChanges
{
    private readonly Dictionary<(long LibraryId, long TaskGroupId), StatusCounts> _changes = [];

    internal IReadOnlyDictionary<(long LibraryId, long TaskGroupId), StatusCounts> ByGroup => _changes;

    public void Add(long libraryId, long taskGroupId, AssetStatus status, long count) =>
        _changes[(libraryId, taskGroupId)] = _changes.GetValueOrDefault((libraryId, taskGroupId)) + StatusCounts.Of(status, count);

    public void Move(long libraryId, long taskGroupId, AssetStatus from, AssetStatus to, long count = 1)
    {
        Add(libraryId, taskGroupId, from, -count);
        Add(libraryId, taskGroupId, to, count);
    }
}
