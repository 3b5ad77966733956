using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Xunit;

namespace Vitrine.Tests.Caching;

public sealed class AnnouncementsTests
{
    private readonly Announcements _announcements = new(NullLogger<Announcements>.Instance);
    private readonly List<string> _heard = [];

    [Fact]
    public void Announce_SeveralListeners_AreCalledInTheOrderTheySubscribed()
    {
        foreach (var name in new[] { "first", "second", "third" })
            _announcements.Subscribe(_ => _heard.Add(name));

        _announcements.Announce(new Announcement.LibraryChanged(1));

        Assert.Equal(["first", "second", "third"], _heard);
    }

    [Fact]
    public void Announce_AListenerThrows_TheOthersHearIt()
    {
        _announcements.Subscribe(_ => throw new InvalidOperationException("a listener's mistake"));
        _announcements.Subscribe(announcement => _heard.Add($"{announcement}"));

        _announcements.Announce(new Announcement.JobChanged("scan:1"));
        _announcements.Announce(new Announcement.LibraryForgotten(2));

        Assert.Equal(2, _heard.Count);
    }

    [Fact]
    public void Subscribe_Disposed_HearsNoMoreEvenDuringAnAnnouncement()
    {
        IDisposable? second = null;
        _announcements.Subscribe(_ => second!.Dispose());
        second = _announcements.Subscribe(_ => _heard.Add("second"));

        _announcements.Announce(new Announcement.LibraryChanged(1)); // its listeners were chosen before
        _announcements.Announce(new Announcement.LibraryChanged(1));
        second.Dispose();

        Assert.Equal(["second"], _heard);
    }
}
