using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Server.Api;
using Vitrine.Server.Tests.Cli;
using Vitrine.Storage;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Api;

/// <summary>What <c>/api/ready</c> says while something loads or cannot be loaded, and what the endpoints that need it answer.</summary>
public sealed class ReadinessApiTests : IDisposable
{
    private static readonly string[] s_one = ["one"];

    private readonly SamplePictures _pictures = new();
    private readonly TemporaryFolder _data = new("vitrine-data-");
    private GatedDatabase? _database;

    public void Dispose()
    {
        _pictures.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Ready_VectorsAreBeingRead_SaysLoadingAndSimilarCoversWhatIsThere()
    {
        await using var server = await StartAsync();
        var library = await ImportAsync(server);
        var asset = await server.IdOfAsync(library, "0.jpg");
        using (var gate = _database!.Close<int>(typeof(EmbeddingStore)))
        {
            var questions = Enumerable.Range(0, 4).Select(_ => server.GetAsync($"/api/assets/{asset}/similar")).ToList();
            await gate.Reached;

            var (status, similarity) = await FeatureAsync(server, "similarity");
            Assert.Equal((HttpStatusCode.OK, "loading", false), (status, Text(similarity, "state"), similarity.GetProperty("ready").GetBoolean()));
            Assert.Equal($"library {library}: 0 vectors read so far", Text(similarity, "detail"));
            foreach (var answer in await Task.WhenAll(questions))
            {
                Assert.Empty(answer.GetProperty("items").EnumerateArray());
                Assert.Equal((0, 3), Covered(answer));
            }

            Assert.Equal(1, gate.Reads); // they share one load
        }

        var (_, compared) = await UntilCoveredAsync(server, asset, 3);
        Assert.Equal(2, compared.GetProperty("items").GetArrayLength());
        await UntilSimilarityIsReadyAsync(server);
    }

    [Fact]
    public async Task Ready_VectorsCouldNotBeRead_SaysWhyUntilTheNextQuestionReadsThem()
    {
        await using var server = await StartAsync();
        var library = await ImportAsync(server);
        var asset = await server.IdOfAsync(library, "0.jpg");
        using (_database!.Close<int>(typeof(EmbeddingStore), new DatabaseUnavailableException("The disk sleeps.")))
        {
            // A question that has waited its two seconds is answered from what is there; the load that fails afterwards refuses the next.
            var answer = new HttpResponseMessage(HttpStatusCode.OK);
            await Patience.UntilAsync(async () =>
            {
                answer.Dispose();
                answer = await server.SendAsync(HttpMethod.Get, $"/api/assets/{asset}/similar");
                return answer.StatusCode != HttpStatusCode.OK;
            });
            Assert.Equal("The disk sleeps.", await Contract.AssertProblemAsync(answer, HttpStatusCode.ServiceUnavailable));

            var (status, similarity) = await FeatureAsync(server, "similarity");
            Assert.Equal((HttpStatusCode.OK, "failed"), (status, Text(similarity, "state")));
            Assert.Equal($"library {library}: The disk sleeps. The next question tries again.", Text(similarity, "detail"));
        }

        await UntilCoveredAsync(server, asset, 3);
        await UntilSimilarityIsReadyAsync(server);
    }

    [Fact]
    public async Task Ready_OrderIsReadForTheFirstTime_SaysWhichAndItsPageIs503UntilThen()
    {
        await using var server = await StartAsync();
        var library = await ImportAsync(server);
        using (var gate = _database!.Close<List<bool>>(typeof(OrderQuery)))
        {
            var first = server.GetAsync($"/api/libraries/{library}/assets?sort=name");
            await gate.Reached;

            var (status, browsing) = await FeatureAsync(server, "browsing");
            Assert.Equal((HttpStatusCode.OK, "loading"), (status, Text(browsing, "state")));
            Assert.Equal($"reading for the first time: browse {library} name", Text(browsing, "detail"));
            var second = await server.SendAsync(HttpMethod.Get, $"/api/libraries/{library}/assets?sort=name");
            Assert.Contains($"browse {library} name", await Contract.AssertProblemAsync(second, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);
            Assert.Equal(3, (await server.GetAsync($"/api/libraries/{library}/assets")).GetProperty("total").GetInt32()); // another order waits for nothing
            gate.Dispose();
            Assert.Equal(3, (await first).GetProperty("total").GetInt32());
        }

        Assert.Equal("ready", Text((await FeatureAsync(server, "browsing")).Feature, "state"));
    }

    [Fact]
    public async Task Ready_DatabaseCannotBeRead_Is503WithTheReason()
    {
        await using var server = await StartAsync();
        using (_database!.Close<long>(typeof(HealthApi), new DatabaseUnavailableException("The disk was pulled out.")))
        {
            var (status, database) = await FeatureAsync(server, "database");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "failed"), (status, Text(database, "state")));
            Assert.Equal("The disk was pulled out.", Text(database, "detail"));
            Assert.Equal("failed", Text((await FeatureAsync(server, "similarity")).Feature, "state"));
        }

        Assert.Equal(HttpStatusCode.OK, (await FeatureAsync(server, "database")).Status);
    }

    [Fact]
    public async Task Ready_DatabaseFileTakenAway_Is503AndNothingIsAcceptedUntilItIsBack()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var server = await RunningServer.StartAsync(_data.Path);
        var tags = $"/api/assets/{await server.IdOfAsync(await ImportAsync(server), "0.jpg")}/tags";
        File.Move(_data.Of(DatabaseFile.Name), _data.Of("aside.db"));
        try
        {
            var refused = await server.Http.PostAsJsonAsync(tags, new { names = s_one }, TestContext.Current.CancellationToken);
            Assert.Contains("is gone", await Contract.AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
            foreach (var name in (string[])["database", "browsing", "work"])
            {
                var (status, feature) = await FeatureAsync(server, name);
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "failed"), (status, Text(feature, "state")));
                Assert.Contains("Put the file back", Text(feature, "detail"), StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Move(_data.Of("aside.db"), _data.Of(DatabaseFile.Name));
        }

        (await server.Http.PostAsJsonAsync(tags, new { names = s_one }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Assert.Equal((HttpStatusCode.OK, "ready"), ((await FeatureAsync(server, "database")).Status, Text((await FeatureAsync(server, "work")).Feature, "state")));
    }

    /// <summary>Pages that nobody has read yet may be damaged and the rest answers on; from the first that is met on, nothing is saved any more.</summary>
    [Fact]
    public async Task Ready_PagesAreDamaged_Is503OnceSomebodyHasMetThem()
    {
        string tags;
        await using (var before = await RunningServer.StartAsync(_data.Path))
            tags = $"/api/assets/{await before.IdOfAsync(await ImportAsync(before), "0.jpg")}/tags"; // its end takes the journal into the file
        var server = await RunningServer.StartAsync(_data.Path);
        using (var file = new FileStream(_data.Of(DatabaseFile.Name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 8192;
            file.Write([.. Enumerable.Repeat((byte)0x5A, (int)(file.Length - 8192))]);
        }

        await Patience.UntilAsync(async () =>
            (await server.Http.PostAsJsonAsync(tags, new { names = s_one }, TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.ServiceUnavailable);

        var (status, database) = await FeatureAsync(server, "database");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "failed"), (status, Text(database, "state")));
        Assert.Contains("damaged", Text(database, "detail"), StringComparison.Ordinal);
        Assert.True(await Record.ExceptionAsync(() => server.DisposeAsync().AsTask()) is null or DatabaseUnavailableException); // it may have had something to save
    }

    [Fact]
    public async Task Ready_DecoderCannotBeStarted_SaysWhyAndPreviewsAre503()
    {
        string library;
        await using (var before = await StartAsync())
            library = await ImportAsync(before);
        await using var server = await StartAsync(services => services.AddSingleton(new DecoderCommand("/nowhere/dotnet", [])));
        Assert.Equal("ready", Text((await FeatureAsync(server, "decoding")).Feature, "state")); // nobody needed one yet

        var preview = await server.SendAsync(HttpMethod.Get, $"/api/assets/{await server.IdOfAsync(library, "0.jpg")}/preview");

        Assert.Contains("/nowhere/dotnet cannot be started", await Contract.AssertProblemAsync(preview, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        var (status, decoding) = await FeatureAsync(server, "decoding");
        Assert.Equal((HttpStatusCode.OK, "failed"), (status, Text(decoding, "state")));
        Assert.Contains("/nowhere/dotnet", Text(decoding, "detail"), StringComparison.Ordinal);
        Assert.Contains("The next file tries again.", Text(decoding, "detail"), StringComparison.Ordinal);

        _pictures.Jpeg("late.jpg", 60, 40, seed: 9);
        await server.PostAsync($"/api/libraries/{library}/scan");
        await Patience.UntilAsync(async () => Text((await FeatureAsync(server, "work")).Feature, "state") == "failed");
        Assert.StartsWith("No decoder can be started: work on pictures waits", Text((await FeatureAsync(server, "work")).Feature, "detail"), StringComparison.Ordinal);
        Assert.Contains("Work is held up. No decoder can be started", (await CliProgram.RunAsync("status", "--server", $"{server.Address}")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_RightAfterTheStart_NameNoCacheOfALibraryThatIsNone()
    {
        await using var server = await StartAsync();
        await server.Server.WarmedUp.OrTooLateAsync();
        var caches = (await server.GetAsync("/api/stats")).GetProperty("caches").EnumerateArray().Select(cache => Text(cache, "name"));

        Assert.DoesNotContain(caches, name => name.StartsWith("browse ", StringComparison.Ordinal));
    }

    private Task<RunningServer> StartAsync(Action<IServiceCollection>? replace = null) => RunningServer.StartAsync(
        _data.Path,
        replace: services =>
        {
            services.AddSingleton<Database>(_ => _database = new GatedDatabase(SqliteDatabase.Open(_data.Of(DatabaseFile.Name), NullLogger.Instance)));
            replace?.Invoke(services);
        });

    private Task<string> ImportAsync(RunningServer server)
    {
        for (var i = 0; i < 3; i++)
            _pictures.Jpeg($"{i}.jpg", 60, 40, seed: i);
        return server.ImportAsync(_pictures.Folder);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Feature)> FeatureAsync(RunningServer server, string name)
    {
        using var response = await server.SendAsync(HttpMethod.Get, "/api/ready");
        var body = await RunningServer.ReadAsync(response, response.StatusCode);
        Assert.Equal(response.StatusCode == HttpStatusCode.OK, body.GetProperty("ready").GetBoolean());
        return (response.StatusCode, body.GetProperty("features").EnumerateArray().Single(feature => Text(feature, "name") == name));
    }

    /// <summary>The load that was held goes on by itself.</summary>
    private static async Task<(int Questions, JsonElement Answer)> UntilCoveredAsync(RunningServer server, long asset, int covered)
    {
        for (var questions = 1; ; questions++)
        {
            var answer = await server.GetAsync($"/api/assets/{asset}/similar");
            if (Covered(answer).Covered == covered)
                return (questions, answer);
        }
    }

    /// <summary>The last vector is found a little before the load is over.</summary>
    private static Task UntilSimilarityIsReadyAsync(RunningServer server) =>
        Patience.UntilAsync(async () => Text((await FeatureAsync(server, "similarity")).Feature, "state") == "ready");

    private static (int Covered, int Total) Covered(JsonElement answer)
    {
        var coverage = answer.GetProperty("coverage");
        return (coverage.GetProperty("covered").GetInt32(), coverage.GetProperty("total").GetInt32());
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
