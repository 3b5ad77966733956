using Vitrine.Caching;
using Vitrine.Sharing;
using Xunit;

namespace Vitrine.Tests.Sharing;

public sealed class GatheredAnnouncementsTests
{
    [Fact]
    public void Join_ChangesOfTwoLibraries_AreOneEachWithAllTheirAssets()
    {
        var joined = GatheredAnnouncements.Join(
        [
            new Announcement.AssetsChanged(1, [3, 4]),
            new Announcement.AssetsChanged(2, [9]),
            new Announcement.VectorsChanged(1, [3], AreLoaded: true),
            new Announcement.AssetsChanged(1, [4, 5]),
            new Announcement.VectorsChanged(1, [4], AreLoaded: true),
        ]);

        Assert.Equal(["C 1 3,+1x2", "C 2 9", "E 1 3,+1"], Lines(joined));
    }

    [Fact]
    public void Join_TagsAndJobsBetween_DoNotPartThem() =>
        Assert.Equal(
            ["T beach", "J scan:1", "C 1 3,+1"],
            Lines(GatheredAnnouncements.Join(
            [
                new Announcement.AssetsChanged(1, [3]),
                new Announcement.TagsChanged(["beach"], AreCounted: true),
                new Announcement.JobChanged("scan:1"),
                new Announcement.AssetsChanged(1, [4]),
            ])));

    [Fact]
    public void Join_AssetsThatComeAndGoBetween_KeepTheirPlace() =>
        Assert.Equal(
            ["C 1 3", "A 1 4", "C 1 4", "R 1 3", "C 1 4", "F 1"],
            Lines(GatheredAnnouncements.Join(
            [
                new Announcement.AssetsChanged(1, [3]),
                new Announcement.AssetsAdded(1, [4]),
                new Announcement.AssetsChanged(1, [4]),
                new Announcement.AssetsRemoved(1, [3]),
                new Announcement.AssetsChanged(1, [4]),
                new Announcement.LibraryForgotten(1),
            ])));

    private static IEnumerable<string> Lines(IEnumerable<Announcement> announcements) => announcements.SelectMany(announcement => AnnouncementText.Lines(announcement, ""));
}
