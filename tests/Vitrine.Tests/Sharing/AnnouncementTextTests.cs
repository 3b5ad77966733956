using FsCheck;
using FsCheck.Fluent;
using Vitrine.Caching;
using Vitrine.Sharing;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Tests.Sharing;

public sealed class AnnouncementTextTests
{
    [Fact]
    public void Lines_AnyIds_ReadBackAsTheSameIdsInShortLines()
    {
        var ids = Arb.From(Gen.Choose(1, 4000).SelectMany(count => Gen.Choose(1, 40).ArrayOf(count)));

        Prop.ForAll(ids, (Action<int[]>)(steps =>
        {
            var id = 1_000_000_000L;
            long[] added = [.. steps.Select(step => id += step % 7 == 0 ? step : 1)];
            var lines = AnnouncementText.Lines(new Announcement.AssetsAdded(7, added), "me ").ToList();

            Assert.All(lines, line => Assert.InRange(line.Length, 1, PostgresNotifications.MaxBytes));
            var read = lines.Select(line => Assert.IsType<Announcement.AssetsAdded>(AnnouncementText.ReadOrNull(line[3..]))).ToList();
            Assert.All(read, announcement => Assert.Equal(7, announcement.LibraryId));
            Assert.Equal(added, read.SelectMany(announcement => announcement.AssetIds));
        })).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lines_AMillionNewAssetsInARow_AreOneShortLine()
    {
        var line = Assert.Single(AnnouncementText.Lines(new Announcement.AssetsAdded(1, [.. Enumerable.Range(1, 1_000_000).Select(id => (long)id)]), ""));

        Assert.Equal("A 1 1,+1x999999", line);
    }

    [Fact]
    public void Lines_ChangedInNoOrder_AreToldInOrder() =>
        Assert.Equal(["C 1 3,+2,+4"], AnnouncementText.Lines(new Announcement.AssetsChanged(1, [9, 3, 5]), ""));

    [Theory]
    [InlineData("L 12")]
    [InlineData("F 12")]
    [InlineData("J scan:12 with spaces")]
    [InlineData("R 3 5")]
    public void ReadOrNull_EachKind_WritesTheSameLine(string line) =>
        Assert.Equal([line], AnnouncementText.Lines(AnnouncementText.ReadOrNull(line)!, ""));

    [Theory]
    [InlineData("Z of a newer program")]
    [InlineData("")]
    [InlineData("nonsense")]
    public void ReadOrNull_UnknownKind_IsNull(string line) => Assert.Null(AnnouncementText.ReadOrNull(line));

    [Theory]
    [InlineData("L ")]
    [InlineData("L x")]
    [InlineData("A 5")]
    [InlineData("A 5 1,+y")]
    public void ReadOrNull_BrokenParts_Throws(string line) => Assert.Throws<FormatException>(() => AnnouncementText.ReadOrNull(line));
}
