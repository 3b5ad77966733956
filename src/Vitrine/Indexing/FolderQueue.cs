namespace Vitrine.Indexing;

/// <summary>
/// Folders that are still to be read, last in first out, so that a tree is walked in depth and the queue stays short.
/// It ends when no folder waits and none is being read.
/// </summary>
internal sealed class FolderQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<ScanFolder> _waiting = new();
    private readonly SemaphoreSlim _available = new(0);
    private int _open; // waiting or being read

    /// <summary>No folder waits and none is being read.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
                return _open == 0;
        }
    }

    /// <summary>The first of them will be taken first.</summary>
    public void Add(IReadOnlyList<ScanFolder> folders)
    {
        lock (_gate)
        {
            _open += folders.Count;
            for (var index = folders.Count - 1; index >= 0; index--)
                _waiting.Push(folders[index]);
        }

        if (folders.Count > 0)
            _available.Release(folders.Count);
    }

    /// <summary>The next folder; null when the walk is over.</summary>
    public async Task<ScanFolder?> TakeOrNullAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_gate)
            return _waiting.TryPop(out var folder) ? folder : null;
    }

    /// <summary>A folder was read; its subfolders must have been added before.</summary>
    /// <param name="readers">How many wait at the most: they are all let go when this was the last folder.</param>
    public void Done(int readers)
    {
        lock (_gate)
        {
            if (--_open > 0)
                return;
        }

        _available.Release(readers);
    }

    public void Dispose() => _available.Dispose();
}
