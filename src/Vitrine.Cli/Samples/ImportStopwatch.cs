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

    /// <summary>e.g. <c>0.8 s</c>: when the first picture could be seen, or how long it is waited for; empty before the start, <c>–</c> where none could be when all was done.</summary>
    public string First => Read(() => _first);

    /// <summary>e.g. <c>12.0 s</c>: when all was done, or how long that is waited for; empty before the start.</summary>
    public string All => Read(() => _all);

    public bool IsFinished
    {
        get
        {
            lock (_gate)
                return _all is not null;
        }
    }

    public void Start()
    {
        lock (_gate)
            _began = time.GetTimestamp();
    }

    /// <summary>A picture can be seen: at the latest when all is done, though one may look for it only then.</summary>
    public void SeeFirst()
    {
        lock (_gate)
            _first ??= _all ?? Elapsed;
    }

    public void Finish()
    {
        lock (_gate)
            _all ??= Elapsed;
    }

    private TimeSpan? Elapsed => _began is { } began ? time.GetElapsedTime(began) : null;

    private string Read(Func<TimeSpan?> mark)
    {
        lock (_gate)
        {
            if (mark() is null && _all is not null)
                return "–";
            return (mark() ?? Elapsed) is { } shown ? $"{shown.TotalSeconds:0.0} s" : "";
        }
    }
}
