using System.Threading.Channels;
using Vitrine.Indexing;
using Vitrine.Indexing.Watching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Indexing.Watching;

/// <summary>Real folders under a real watch; the waits pass ten times as fast. Nothing here depends on how long they are.</summary>
[Collection(nameof(ProcessTests))]
public sealed class FollowingTests : IDisposable
{
    private static readonly WatchOptions s_watching = new();

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _aside = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _aside.Dispose();
    }

    [Fact]
    public async Task Follow_FilesAndFoldersComeChangeMoveAndGo_TheLibraryDoesTheSame()
    {
        _folder.File("a/one.jpg", "one");
        _folder.File("a/two.jpg", "two");
        _folder.File("b/deep/three.jpg", "three");
        await using var engine = await StartAsync();
        var library = await FollowedAsync(engine);
        var before = engine.Assets(library);

        _folder.File("a/four.jpg", "four");
        await UntilAsync(engine, library, "a/four.jpg", "a/one.jpg", "a/two.jpg", "b/deep/three.jpg");

        File.Move(_folder.Of("a/one.jpg"), _folder.Of("b/uno.jpg"));
        await UntilAsync(engine, library, "a/four.jpg", "a/two.jpg", "b/deep/three.jpg", "b/uno.jpg");

        Directory.Move(_folder.Of("b"), _folder.Of("c"));
        await UntilAsync(engine, library, "a/four.jpg", "a/two.jpg", "c/deep/three.jpg", "c/uno.jpg");

        File.WriteAllText(_folder.Of("c/deep/three.jpg"), "three, and more"); // in a folder that has another name than when it was armed
        await UntilAsync(engine, () => engine.Assets(library)["c/deep/three.jpg"].Size == 15);

        Directory.Delete(_folder.Of("a"), recursive: true);
        await UntilAsync(engine, library, "c/deep/three.jpg", "c/uno.jpg");

        Directory.CreateDirectory(_aside.Of("in"));
        File.WriteAllText(_aside.Of("in/five.jpg"), "five");
        Directory.Move(_aside.Of("in"), _folder.Of("c/in"));
        await UntilAsync(engine, library, "c/deep/three.jpg", "c/in/five.jpg", "c/uno.jpg");

        var after = engine.Assets(library);
        Assert.Equal(before["a/one.jpg"].Id, after["c/uno.jpg"].Id);
        Assert.Equal(before["b/deep/three.jpg"].Id, after["c/deep/three.jpg"].Id);
        engine.AssertCountersAreTrue();
    }

    [Fact]
    public async Task Follow_FolderNamedLikeAPicture_MovesAndGoesLikeAnyOther()
    {
        _folder.File("keep.jpg", "keep");
        _folder.File("scans.tif/deep/one.jpg", "one");
        _folder.File("logo.svg/two.jpg", "two");
        await using var engine = await StartAsync();
        var library = await FollowedAsync(engine);
        var before = engine.Assets(library);

        Directory.Move(_folder.Of("scans.tif"), _folder.Of("scans"));
        await UntilAsync(engine, library, "keep.jpg", "logo.svg/two.jpg", "scans/deep/one.jpg");
        Assert.Equal(before["scans.tif/deep/one.jpg"].Id, engine.Assets(library)["scans/deep/one.jpg"].Id);

        Directory.Move(_folder.Of("logo.svg"), _aside.Of("logo.svg"));
        await UntilAsync(engine, library, "keep.jpg", "scans/deep/one.jpg");
    }

    [Fact]
    public async Task Root_AnotherFolderTakesItsPlace_IsFollowedFromThenOn()
    {
        _folder.File("root/one.jpg", "one");
        _folder.File("next/one.jpg", "one");
        _folder.File("next/two.jpg", "two");
        await using var engine = await StartAsync();
        var library = await FollowedAsync(engine, "root");

        await Shell.RunAsync(@"cd ""$1"" && mv root old && mv next root", _folder.Path);
        await UntilAsync(engine, library, "one.jpg", "two.jpg");
        _folder.File("root/three.jpg", "three");

        await UntilAsync(engine, library, "one.jpg", "three.jpg", "two.jpg");
    }

    [Fact]
    public async Task Watch_DiesInSilence_WhatItMissedIsFoundAllTheSame()
    {
        _folder.File("one.jpg");
        await using var engine = await StartAsync(watcher: new WatcherInHand(), options: new WatchOptions { AuditInterval = TimeSpan.FromSeconds(20) });
        var library = await FollowedAsync(engine);

        _folder.File("two.jpg"); // the watcher in hand does not tell of it

        await UntilAsync(engine, library, "one.jpg", "two.jpg");
        Assert.Equal(FollowMode.Live, engine.Get<FollowedLibraries>().Of(library.Id).Mode);
    }

    [Fact]
    public async Task Follow_HiddenFilesAndOthers_AreNotScannedFor()
    {
        _folder.File("one.jpg");
        await using var engine = await StartAsync();
        var library = await FollowedAsync(engine);
        var jobs = Jobs(engine);

        _folder.File(".hidden/two.jpg");
        _folder.File("notes.txt");
        _folder.File(".three.jpg");
        File.Move(_aside.File("four.jpg"), _folder.Of("four.jpg")); // one change; a file that is written is several, and more than one scan where they come late
        await UntilAsync(engine, library, "four.jpg", "one.jpg");

        Assert.Equal(1, jobs());
    }

    [Fact]
    public async Task Start_WhatChangedWhileTheProgramWasOff_IsFound()
    {
        using var data = new TemporaryFolder("vitrine-data-");
        _folder.File("one.jpg");
        Library library;
        await using (var engine = await StartAsync(data.Path))
            library = await FollowedAsync(engine);
        _folder.File("two.jpg");

        await using (var engine = await StartAsync(data.Path))
            await UntilAsync(engine, library, "one.jpg", "two.jpg");
    }

    [Fact]
    public async Task Pause_ChangesWait_AndAreFoundAfterResume()
    {
        _folder.File("one.jpg");
        await using var engine = await StartAsync();
        var library = await FollowedAsync(engine);
        await engine.Libraries.SetPausedAsync(library.Id, paused: true, Cancelled);
        await Patience.UntilAsync(() => engine.Get<FollowedLibraries>().Of(library.Id).Mode == FollowMode.Off);
        var jobs = Jobs(engine);

        _folder.File("two.jpg");
        await engine.Libraries.SetPausedAsync(library.Id, paused: false, Cancelled);
        await UntilAsync(engine, library, "one.jpg", "two.jpg");

        Assert.InRange(jobs(), 1, 2);
    }

    [Fact]
    public async Task Root_GoesAwayAndComesBack_SaysSoAndGoesOn()
    {
        _folder.File("root/one.jpg");
        await using var engine = await StartAsync();
        var library = await FollowedAsync(engine, "root");

        Directory.Move(_folder.Of("root"), _folder.Of("elsewhere"));
        await Patience.UntilAsync(() => engine.Libraries.FindOrNull(library.Id)!.Offline is not null && engine.Get<FollowedLibraries>().Of(library.Id).Mode == FollowMode.Off);
        Assert.Equal(["one.jpg"], engine.Paths(library));

        _folder.File("elsewhere/two.jpg");
        Directory.Move(_folder.Of("elsewhere"), _folder.Of("root"));
        await UntilAsync(engine, library, "one.jpg", "two.jpg");
        Assert.Null(engine.Libraries.FindOrNull(library.Id)!.Offline);
    }

    [Fact]
    public async Task Forget_EndsTheWatch()
    {
        _folder.File("one.jpg");
        await using var engine = await StartAsync();
        var library = await FollowedAsync(engine);
        await engine.Get<LibraryScans>().ForgetAsync(library.Id, Cancelled);
        var jobs = Jobs(engine, LibraryScans.JobName(library.Id));

        _folder.File("two.jpg");
        var other = await engine.AddAsync(_aside.Path);
        await engine.WalkedAsync(other);

        Assert.Equal(0, jobs());
        Assert.Empty(engine.Log.Errors);
    }

    [Fact]
    public async Task Watch_LimitReached_IsSaidOnceAndScansFromTimeToTime()
    {
        _folder.File("one.jpg");
        var watcher = new WatcherInHand();
        await using var engine = await StartAsync(watcher: watcher, options: new WatchOptions { RescanInterval = TimeSpan.FromSeconds(20) });
        var library = await FollowedAsync(engine);
        var limit = FolderWatcher.Trouble(new IOException("The configured user limit (8192) is reached", 28));

        for (var i = 0; i < 5; i++)
            await watcher.TellAsync(limit);
        _folder.File("two.jpg");
        await UntilAsync(engine, library, "one.jpg", "two.jpg");

        var (mode, note) = engine.Get<FollowedLibraries>().Of(library.Id);
        Assert.Equal(FollowMode.Timed, mode);
        Assert.Contains("fs.inotify.max_user_watches", note, StringComparison.Ordinal);
        Assert.Single(engine.Log.Warnings, line => line.Contains("fs.inotify.max_user_watches", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_Overflow_LooksAtEverything()
    {
        _folder.File("one.jpg");
        var watcher = new WatcherInHand();
        await using var engine = await StartAsync(watcher: watcher);
        var library = await FollowedAsync(engine);

        _folder.File("deep/two.jpg"); // the watcher in hand does not tell of it
        await watcher.TellAsync(FolderWatcher.Trouble(new InternalBufferOverflowException()));

        await UntilAsync(engine, library, "deep/two.jpg", "one.jpg");
        Assert.Equal(FollowMode.Live, engine.Get<FollowedLibraries>().Of(library.Id).Mode);
    }

    [Fact]
    public async Task Follow_ChangesInACancelledLibrary_DoNotTakeUpWhatWasCancelled()
    {
        _folder.File("one.jpg", "not an image");
        await using var engine = new Engine(time: new FastTime(10), watching: s_watching);
        var library = await engine.AddAsync(_folder.Path);
        await engine.ScannedAsync(library);
        await engine.Get<LibraryScans>().CancelAsync(library.Id, Cancelled);
        await engine.StartAsync();

        await Patience.UntilAsync(() => engine.Get<FollowedLibraries>().Of(library.Id).Mode == FollowMode.Live);
        _folder.File("two.jpg", "not an image either");
        await Patience.UntilAsync(() => engine.Assets(library) is { Count: 2 } assets && assets["two.jpg"].Status == AssetStatus.Failed);

        Assert.Equal(AssetStatus.Pending, engine.Assets(library)["one.jpg"].Status);
    }

    private static Task<Engine> StartAsync(string? data = null, IFolderWatcher? watcher = null, WatchOptions? options = null) =>
        Engine.StartAsync(data, time: new FastTime(10), watching: options ?? s_watching, watcher: watcher);

    /// <summary>Adds the folder and waits until it is watched and the scan after that is over.</summary>
    private async Task<Library> FollowedAsync(Engine engine, string? sub = null)
    {
        var scans = Jobs(engine);
        var library = await engine.AddAsync(sub is null ? _folder.Path : _folder.Of(sub));
        await Patience.UntilAsync(() => scans() >= 2);
        await engine.FinishedAsync(library.Id);
        return library;
    }

    /// <summary>Counts scans that have ended from now on, as rows: an end is kept before the job's name is free, and announced after that.</summary>
    /// <param name="name">Of one library's scan, or of all.</param>
    private static Func<long> Jobs(Engine engine, string name = "scan:%")
    {
        var before = Ended();
        return () => Ended() - before;

        long Ended() => engine.Database.Read(connection => connection.QueryNumber(
            "SELECT COUNT(*) FROM job_runs WHERE name LIKE @name AND finished_at IS NOT NULL", ("@name", name)));
    }

    private static Task UntilAsync(Engine engine, Library library, params string[] paths) =>
        UntilAsync(engine, () => engine.Paths(library).SequenceEqual(paths) && !engine.Get<NamedJobs>().IsRunning(LibraryScans.JobName(library.Id)));

    private static Task UntilAsync(Engine engine, Func<bool> reached) => Patience.UntilAsync(reached, () => string.Join('\n', engine.Log.All));

    /// <summary>Tells only what the test says.</summary>
    private sealed class WatcherInHand : IFolderWatcher
    {
        private readonly TaskCompletionSource<ChannelWriter<WatchedChange[]>> _changes = new();

        public IDisposable Watch(Library library, ChannelWriter<WatchedChange[]> changes)
        {
            _changes.TrySetResult(changes);
            return new MemoryStream();
        }

        public async Task TellAsync(WatchedChange change) => await (await _changes.Task).WriteAsync([change], Cancelled);
    }
}
