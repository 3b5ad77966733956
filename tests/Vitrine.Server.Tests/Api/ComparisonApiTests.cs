using System.Collections;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Cli.Client;
using Vitrine.Cli.Samples;
using Vitrine.Decoding;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Server.Tests.Api;

/// <summary><c>vitrine demo --compare</c>: the same folder, imported two ways.</summary>
public sealed class ComparisonApiTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Compare_SamePictures_BothReadThemAllAndBothWatchesStand()
    {
        WritePictures();
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { ComparedFolder = _pictures.Folder });
        using var client = new VitrineClient(server.Address.ToString().TrimEnd('/'), token: null);
        var comparison = new ImportComparison(client, _pictures.Folder, TimeProvider.System);
        Assert.Equal(("", ""), (comparison.Background.First, comparison.Foreground.All));

        await comparison.PrepareAsync(Cancelled);
        await comparison.RunAsync(Cancelled);

        Assert.Equal((3, null), (comparison.Files, comparison.Difference));
        foreach (var watch in (ImportStopwatch[])[comparison.Background, comparison.Foreground])
        {
            Assert.Matches(@"^\d+\.\d s$", watch.First);
            Assert.Matches(@"^\d+\.\d s$", watch.All);
        }

        Assert.Matches(@"(?s)all 3 files\s+The blocking way.*Vitrine's way", comparison.ToString());
        // It is one request, which decodes everything before it answers, and stores nothing.
        var answer = await server.PostAsync("/api/compare", expected: HttpStatusCode.OK);
        Assert.Equal((3, 1, 2), (answer.GetProperty("files").GetInt32(), answer.GetProperty("failed").GetInt32(), answer.GetProperty("thumbnails").GetArrayLength()));
        Assert.All(answer.GetProperty("thumbnails").EnumerateArray(), thumbnail => Assert.Equal("WEBP"u8.ToArray(), thumbnail.GetBytesFromBase64()[8..12]));
        Assert.Equal(1, (await server.GetAsync("/api/libraries")).GetProperty("items").GetArrayLength());

        File.Delete(Path.Join(_pictures.Folder, "b.jpg"));
        File.Delete(Path.Join(_pictures.Folder, "broken.jpg"));
        var other = new ImportComparison(client, _pictures.Folder, TimeProvider.System);
        await other.RunAsync(Cancelled);
        // What was measured is told all the same.
        Assert.Matches(@"(?s)all files\s+The blocking way\s+\d+\.\d s.*Vitrine's way\s+\d+\.\d s\s.*The two did not read the same: the blocking way 1 files \(failed: 0\), Vitrine's way 3 \(failed: 1\)\.", other.ToString());
    }

    [Fact]
    public async Task Compare_DecoderDiesOnce_TheBlockingWayTriesAgainAsWell()
    {
        WritePictures();
        var usual = DecoderCommand.ForThisProgram();
        var arguments = new FirstDies($"{DecoderFaults.Variable}=crash:a.jpg", [usual.FileName, .. usual.Arguments]);
        await using var server = await RunningServer.StartAsync(
            options: new ServerOptions { ComparedFolder = _pictures.Folder },
            decoding: new DecoderOptions { Processes = 1, StartTimeLimit = Patience.Limit, ItemTimeLimit = Patience.Limit },
            replace: services => services.AddSingleton(new DecoderCommand("/usr/bin/env", arguments)));

        var answer = await server.PostAsync("/api/compare", expected: HttpStatusCode.OK);

        Assert.True(arguments.Starts > 1);
        Assert.Equal((3, 1), (answer.GetProperty("files").GetInt32(), answer.GetProperty("failed").GetInt32()));
    }

    [Fact]
    public void Stopwatch_NothingToBeSeenWhenAllIsDone_ShowsNoFirstPicture()
    {
        var time = new ManualTime();
        var watch = new ImportStopwatch("One way", time);
        watch.Start();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("2.0 s", "2.0 s"), (watch.First, watch.All));
        watch.Finish();
        Assert.Equal(("–", "2.0 s"), (watch.First, watch.All));
        time.Advance(TimeSpan.FromSeconds(1));
        watch.SeeFirst(); // looked for once more
        Assert.Equal(("2.0 s", "2.0 s"), (watch.First, watch.All));
    }

    [Fact]
    public async Task Compare_WhereNothingIsCompared_IsNotThere()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            Assert.True((await server.SendAsync(method, "/api/compare")).StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed);
    }

    private void WritePictures()
    {
        _pictures.Jpeg("a.jpg", 40, 30);
        _pictures.Jpeg("b.jpg", 30, 40);
        File.WriteAllText(Path.Join(_pictures.Folder, "broken.jpg"), "not a picture");
        File.WriteAllText(Path.Join(_pictures.Folder, "notes.txt"), "no asset");
        // Neither way takes these in.
        var cache = Directory.CreateDirectory(Path.Join(_pictures.Folder, "cache")).FullName;
        CacheTag.Write(cache);
        _pictures.Jpeg("cache/thumbnail.jpg", 40, 30);
        Directory.CreateSymbolicLink(Path.Join(_pictures.Folder, "round and round"), _pictures.Folder);
    }

    /// <summary>What decoders are started with: only the first one of all has the fault.</summary>
    private sealed class FirstDies(string fault, IReadOnlyList<string> usual) : IReadOnlyList<string>
    {
        private int _starts;

        public int Starts => Volatile.Read(ref _starts);

        public int Count => usual.Count;

        public string this[int index] => usual[index];

        public IEnumerator<string> GetEnumerator() => (Interlocked.Increment(ref _starts) == 1 ? usual.Prepend(fault) : usual).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
