namespace Vitrine.Caching;

/// <summary>
/// Coalesces reloads. Whoever asks before a run begins is covered by that run; whoever asks during one causes exactly one more, however
/// many ask.
/// </summary>
/// <remarks>
/// Thread-safe, takes no lock.
/// <code>
///        Ask: run it            Begin                Ask
/// Idle ───────────────► Asked ─────────► Running ─────────► AskedAgain
///   ▲                     ▲                 │ End                │ End: run it again
///   └─────────────────────┼─────────────────┘                    │
///                         └──────────────────────────────────────┘
/// </code>
/// </remarks>
public sealed class ReloadGate
{
    private const int Idle = 0, Asked = 1, Running = 2, AskedAgain = 3;

    private int _state;

    /// <summary>Whether a run is asked for or under way.</summary>
    public bool IsBusy => Volatile.Read(ref _state) != Idle;

    /// <summary>Whether a run is under way.</summary>
    public bool IsRunning => Volatile.Read(ref _state) is Running or AskedAgain;

    /// <summary>True when the caller has to see to it that a run happens; false when one that covers this asking happens anyway.</summary>
    public bool Ask()
    {
        while (true)
        {
            var before = Volatile.Read(ref _state);
            var after = before switch { Idle => Asked, Running => AskedAgain, _ => before };
            if (Interlocked.CompareExchange(ref _state, after, before) == before)
                return before == Idle;
        }
    }

    /// <summary>A run begins that was asked for: what is asked from now on needs another.</summary>
    public void Begin()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Asked) != Asked)
            throw new InvalidOperationException("A run begins that nobody asked for.");
    }

    /// <summary>The run is over. True when the caller has to see to it that another happens.</summary>
    public bool End()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
            return false;
        if (Interlocked.CompareExchange(ref _state, Asked, AskedAgain) != AskedAgain)
            throw new InvalidOperationException("A run ends that did not begin.");
        return true;
    }
}
