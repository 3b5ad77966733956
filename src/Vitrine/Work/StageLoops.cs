using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Progress;

namespace Vitrine.Work;

/// <summary>Makes the loops of the stages: they share the queue, what is visible, and one signal that any commit pulses.</summary>
internal sealed class StageLoops : IDisposable
{
    private readonly IClaimStore _claims;
    private readonly VisibleAssets _visible;
    private readonly WorkSignal _signal;
    private readonly TimeProvider _time;
    private readonly ILogger<StageLoops> _logger;
    private readonly IDisposable _subscription;

    public StageLoops(
        IClaimStore claims, VisibleAssets visible, WorkSignal signal, Announcements announcements, TimeProvider time, ILogger<StageLoops> logger)
    {
        (_claims, _visible, _signal, _time, _logger) = (claims, visible, signal, time, logger);
        _subscription = announcements.Subscribe(announcement =>
        {
            if (announcement is Announcement.LibraryChanged)
                visible.LookAgain();
            else
                signal.Pulse();
        });
    }

    /// <inheritdoc cref="StageLoop"/>
    public StageLoop Create(Stage stage, long owner, int unit, int room, Func<IReadOnlyList<Claim>, CancellationToken, Task> work) =>
        new(stage, owner, unit, room, work, _claims, _visible, _signal, _time, _logger);

    public void Dispose() => _subscription.Dispose();
}
