namespace Vitrine.Caching;

/// <summary>
/// Something heavy that a process makes once: whoever uses it first starts the load, whoever comes meanwhile shares it. A load that
/// failed says why, and the next use tries again.
/// </summary>
/// <param name="load">Runs on a thread of its own choosing; at most one at a time.</param>
/// <remarks>Thread-safe. A caller that stops waiting does not stop the load: others may wait for it.</remarks>
public sealed class SharedLoad<T>(Func<T> load)
    where T : class
{
    private readonly Lock _gate = new();
    private Task<T>? _loading;
    private T? _value;

    /// <summary>The value, where it is loaded; never waits.</summary>
    public T? ValueOrNull => Volatile.Read(ref _value);

    public LoadState State => Volatile.Read(ref _loading) switch
    {
        null => LoadState.NotAsked,
        { IsCompletedSuccessfully: true } => LoadState.Loaded,
        { IsCompleted: true } => LoadState.Failed,
        _ => LoadState.Loading,
    };

    /// <summary>Why the last load failed; null when it did not.</summary>
    public string? FailureOrNull => Volatile.Read(ref _loading)?.Exception?.InnerException?.Message;

    /// <summary>The value as soon as it is loaded; what the load threw, when it fails.</summary>
    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        Task<T> loading;
        lock (_gate)
        {
            if (_loading is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                Volatile.Write(ref _loading, Task.Run(Load, CancellationToken.None));
            loading = _loading!;
        }

        return loading.WaitAsync(cancellationToken);
    }

    private T Load()
    {
        var value = load();
        Volatile.Write(ref _value, value);
        return value;
    }
}
