namespace Vitrine.Cli.Samples;

/// <summary>Times one way of importing: until the first picture can be seen, and until all is done. Thread-safe.</summary>
/// <param name="name">The way.</param>
/// <param name="time">Measures.</param>
internal sealed class ImportStopwatch(string name, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _began;
    private TimeSpan? _first;
    private TimeSpan? _all;

    public string Name => name;

    /// <summary>e.g. <c>0.8 s</c>: when the first picture could be seen, or how long it is waited for; empty before the start.</summary>
    public string First => Read(() => _first);

    /// <inheritdoc cref="First"/>
    public string All => Read(() => _all);

    public void Start()
    {
        lock (_gate)
            _began = time.GetTimestamp();
    }

    public void SeeFirst()
    {
        lock (_gate)
            _first ??= Elapsed;
    }

    /// <summary>All is done: also where there was nothing to be seen.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _all ??= Elapsed;
            _first ??= _all;
        }
    }

    private TimeSpan? Elapsed => _began is { } began ? time.GetElapsedTime(began) : null;

    private string Read(Func<TimeSpan?> mark)
    {
        lock (_gate)
            return (mark() ?? Elapsed) is { } shown ? $"{shown.TotalSeconds:0.0} s" : "";
    }
}
