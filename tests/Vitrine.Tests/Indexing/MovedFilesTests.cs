using FsCheck;
using FsCheck.Fluent;
using Vitrine.Indexing;
using Xunit;

namespace Vitrine.Tests.Indexing;

public sealed class MovedFilesTests
{
    [Fact]
    public void Match_FileThatWasReadAndOneThatCannotBe_AreNotTheSame() => Assert.Empty(MovedFiles.Match(
        [new VanishedFile(1, "a.jpg", 10, 20)],
        new Dictionary<long, byte[]> { [1] = [1] },
        [new ArrivedFile(2, "b/a.jpg", "a.jpg", new FileStamp(10, 20), null)],
        new Dictionary<long, byte[]>()));

    /// <summary>A few stamps, contents and names in any mixture; 0 is a file that was never read.</summary>
    [Fact]
    public void Match_AnyFiles_PairsAsManyAsAreAlikeAndNoneTwice() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(byte, byte, byte)[]>(),
        ArbMap.Default.ArbFor<(byte, byte, byte)[]>(),
        (gone, came) =>
        {
            var vanished = gone.Select((file, id) => new VanishedFile(id, $"{file.Item3 % 3}", 1, file.Item1 % 2)).ToList();
            var known = Contents(gone, 0).Where(pair => pair.Value[0] != 0).ToDictionary();
            var arrived = came.Select((file, id) => new ArrivedFile(1000 + id, $"x/{file.Item3 % 3}", $"{file.Item3 % 3}", new FileStamp(1, file.Item1 % 2), null)).ToList();
            var contents = Contents(came, 1000);

            var moved = MovedFiles.Match(vanished, known, arrived, contents);

            Assert.Equal(moved.Count, moved.Select(pair => pair.AssetId).Distinct().Count());
            Assert.Equal(moved.Count, moved.Select(pair => pair.ArrivedAs).Distinct().Count());
            foreach (var (assetId, arrivedAs) in moved)
            {
                var (from, to) = (vanished[(int)assetId], arrived[(int)arrivedAs - 1000]);
                Assert.Equal(from.Stamp, to.Stamp);
                if (known.TryGetValue(assetId, out var content))
                    Assert.Equal(content, contents[arrivedAs]);
                else
                    Assert.Equal(from.Name, to.Name);
            }

            // No pair is left over that is alike in content.
            var left = vanished.Where(file => known.ContainsKey(file.AssetId) && moved.All(pair => pair.AssetId != file.AssetId));
            Assert.All(left, file => Assert.DoesNotContain(
                arrived,
                place => place.Stamp == file.Stamp && contents[place.AssetId].SequenceEqual(known[file.AssetId]) && moved.All(pair => pair.ArrivedAs != place.AssetId)));
        }));

    private static Dictionary<long, byte[]> Contents((byte, byte, byte)[] files, long first) =>
        files.Select((file, index) => (first + index, new[] { (byte)(file.Item2 % 3) })).ToDictionary();
}
