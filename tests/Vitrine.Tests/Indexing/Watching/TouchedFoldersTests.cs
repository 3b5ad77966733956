using FsCheck;
using FsCheck.Fluent;
using Vitrine.Indexing;
using Vitrine.Indexing.Watching;
using Xunit;

namespace Vitrine.Tests.Indexing.Watching;

public sealed class TouchedFoldersTests
{
    private static readonly WatchTiming s_timing = WatchTiming.Usual;

    private readonly TouchedFolders _touched = new(s_timing);

    [Fact]
    public void File_QuietAndStable_GivesItsFolderOnce()
    {
        Touch(WatchedChangeKind.File, "a/one.jpg", 0);
        Assert.Equal(Seconds(1), _touched.NextAt);
        Assert.Empty(_touched.ToLookAt(Seconds(0.9)));

        Look("a/one.jpg", new FileStamp(1, 1), 1);
        Assert.Null(_touched.TakeOrNull(Seconds(1)));
        Look("a/one.jpg", new FileStamp(1, 1), 1.5);

        var reach = _touched.TakeOrNull(Seconds(1.5))!;
        Assert.Equal([KeyValuePair.Create("a", false)], reach.Folders!);
        Assert.True(reach.Settles);
        Assert.Null(_touched.TakeOrNull(Seconds(9)));
        Assert.Null(_touched.NextAt);
    }

    [Fact]
    public void File_StillGrowing_IsLeftAloneWhileTheRestIsTaken()
    {
        Touch(WatchedChangeKind.File, "a/grows.jpg", 0);
        Touch(WatchedChangeKind.Gone, "b", 0);
        Look("a/grows.jpg", new FileStamp(1, 1), 1);
        Look("a/grows.jpg", new FileStamp(2, 1), 1.5);

        var first = Assert.IsType<ScanReach>(_touched.TakeOrNull(Seconds(2)));
        Assert.Equal([KeyValuePair.Create("b", true)], first.Folders!);
        Assert.Equal(["a/grows.jpg"], first.LeftAlone);

        Look("a/grows.jpg", new FileStamp(2, 1), 2);
        Assert.Equal(["a"], _touched.TakeOrNull(Seconds(2))!.Folders!.Keys);
    }

    [Fact]
    public void Touches_WithoutEnd_AreTakenInAfterAWhileAndSettledLater()
    {
        var unsettled = new List<double>();
        double? settled = null;
        for (var at = 0.0; settled is null; at += 0.25)
        {
            Touch(WatchedChangeKind.Folder, $"f{at}", at);
            if (_touched.TakeOrNull(Seconds(at)) is not { } reach)
                continue;
            if (reach.Settles)
                settled = at;
            else
                unsettled.Add(at);
        }

        Assert.Equal(5, unsettled[0]);
        Assert.InRange(unsettled.Count, 3, 6);
        Assert.InRange(settled.Value, 60, 200);
    }

    [Fact]
    public void Everything_GivesTheWholeLibrary()
    {
        Touch(WatchedChangeKind.File, "a/one.jpg", 0);
        Touch(WatchedChangeKind.Everything, "", 0);

        Assert.True(_touched.TakeOrNull(Seconds(2))!.IsWhole);
    }

    /// <summary>
    /// Any touches at any times, and a disk on which files change between looks: every folder is looked at and settled after its last
    /// touch, no file before it was seen twice the same, and nothing is left waiting for ever.
    /// </summary>
    [Fact]
    public void Touches_AnyOrder_AreAllSettledAndNoFileTooEarly()
    {
        var step = from kind in Gen.Elements(WatchedChangeKind.File, WatchedChangeKind.File, WatchedChangeKind.Folder, WatchedChangeKind.Gone, WatchedChangeKind.Everything)
                   from folder in Gen.Choose(0, 3)
                   from file in Gen.Choose(0, 2)
                   from pause in Gen.Choose(0, 14)
                   select (kind, folder, file, pause);
        Prop.ForAll(Arb.From(step.ArrayOf()), Run).QuickCheckThrowOnFailure();
    }

    private static void Run((WatchedChangeKind Kind, int Folder, int File, int Pause)[] steps)
    {
        var touched = new TouchedFolders(s_timing);
        var now = TimeSpan.Zero;
        var touchedAt = new Dictionary<string, TimeSpan>(); // by folder
        var fileAt = new Dictionary<string, TimeSpan>();
        var settledAt = new Dictionary<string, TimeSpan>();
        foreach (var (kind, folder, file, pause) in steps)
        {
            now += Seconds(pause * 0.1);
            Work();
            var path = kind == WatchedChangeKind.File ? $"{folder}/{file}.jpg" : kind == WatchedChangeKind.Everything ? "" : $"{folder}";
            touched.Touch(new WatchedChange(kind, path), now);
            touchedAt[kind == WatchedChangeKind.Everything ? "" : $"{folder}"] = now;
            if (kind == WatchedChangeKind.File)
                fileAt[path] = now;
        }

        for (var rounds = 0; touched.NextAt is { } next; rounds++)
        {
            Assert.InRange(rounds, 0, 1000);
            now = next > now ? next : now;
            Work();
        }

        foreach (var (folder, at) in touchedAt)
            Assert.True(settledAt.TryGetValue(folder, out var settled) && settled >= at, $"{folder} was touched at {at}");

        void Work()
        {
            foreach (var file in touched.ToLookAt(now))
                touched.Saw(file, new FileStamp(1, fileAt[file].Ticks), now);
            if (touched.TakeOrNull(now) is not { } reach)
                return;
            foreach (var (file, at) in fileAt)
            {
                var folder = file[..1];
                if (reach.Includes(folder) && !reach.LeftAlone.Contains(file))
                    Assert.True(now - at >= s_timing.Quiet + s_timing.Stable, $"{file} was touched at {at} and taken at {now}");
            }

            foreach (var folder in touchedAt.Keys.Where(folder => reach.Settles && (reach.IsWhole || (folder.Length > 0 && reach.Includes(folder)))))
            {
                if (fileAt.All(file => file.Key[..1] != folder || !reach.LeftAlone.Contains(file.Key)))
                    settledAt[folder] = now;
            }
        }
    }

    private void Touch(WatchedChangeKind kind, string path, double at) => _touched.Touch(new WatchedChange(kind, path), Seconds(at));

    private void Look(string file, FileStamp stamp, double at)
    {
        Assert.Contains(file, _touched.ToLookAt(Seconds(at)));
        _touched.Saw(file, stamp, Seconds(at));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
