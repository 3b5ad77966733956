using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Sharing;

/// <summary>Brings the board up to date with what other processes counted.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SharedProgress(Database database, ProgressStore progress, ProgressBoard board, TimeProvider time) : IDisposable
{
    /// <summary>As often as a client is told.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly HashSet<long> _libraries = [];

    /// <summary>Soon: for changes that come by the hundred.</summary>
    public void RefreshSoon(long libraryId)
    {
        lock (_gate)
        {
            if (_libraries.Add(libraryId) && _libraries.Count == 1)
                _changed.Release();
        }
    }

    /// <summary>At once.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be read.</exception>
    public void Refresh(long libraryId) => database.Read(connection =>
    {
        progress.Load(connection, libraryId);
        return true;
    });

    public void Forget(long libraryId) => board.ForgetLibrary(libraryId);

    public void Dispose() => _changed.Dispose();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _changed.WaitAsync(cancellationToken);
            long[] libraries;
            lock (_gate)
            {
                libraries = [.. _libraries];
                _libraries.Clear();
            }

            foreach (var library in libraries)
                TryRefresh(library);
            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    private void TryRefresh(long libraryId)
    {
        try
        {
            Refresh(libraryId);
        }
        catch (DatabaseUnavailableException)
        {
            // the comparison of versions finds it when the database is back
        }
    }
}
