using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Vitrine.Caching;

/// <summary>
/// Tells every listener of a commit, in commit order. Caches swap first and subscribe first, so that who hears an
/// announcement finds the caches already true.
/// </summary>
/// <remarks>Thread-safe. Listeners run on the announcing thread and must be short; one that throws is logged and stops nobody.</remarks>
public sealed class Announcements(ILogger<Announcements> logger)
{
    private ImmutableList<Action<Announcement>> _listeners = [];

    /// <summary>Listeners are called in the order they subscribed. Disposing the answer ends the subscription.</summary>
    public IDisposable Subscribe(Action<Announcement> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, list => list.Add(listener));
        return new Subscription(this, listener);
    }

    public void Announce(Announcement announcement)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(announcement);
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "A listener failed at {Announcement}", announcement.GetType().Name);
            }
        }
    }

    private sealed class Subscription(Announcements announcements, Action<Announcement> listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref announcements._listeners, list => list.Remove(listener));
    }
}
