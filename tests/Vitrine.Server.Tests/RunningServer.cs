using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Decoding;
using Vitrine.Indexing;
using Vitrine.Indexing.Watching;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests;

/// <summary>A server on a free port over a data folder of its own, and a client that speaks to it over real HTTP.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TemporaryFolder? _ownFolder;
    private readonly VitrineServer _server;

    private RunningServer(VitrineServer server, TemporaryFolder? ownFolder, string dataFolder)
    {
        (_server, _ownFolder, DataFolder) = (server, ownFolder, dataFolder);
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = Patience.Limit };
    }

    public string DataFolder { get; }

    public HttpClient Http { get; }

    public VitrineServer Server => _server;

    /// <summary>By loopback, whatever it listens on.</summary>
    public Uri Address => new(_server.Address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="replace">Puts other edges of the engine in the place of the real ones.</param>
    public static async Task<RunningServer> StartAsync(
        string? dataFolder = null, ServerOptions? options = null, DecoderOptions? decoding = null, WatchOptions? watching = null, Action<IServiceCollection>? replace = null)
    {
        var ownFolder = dataFolder is null ? new TemporaryFolder("vitrine-data-") : null;
        dataFolder ??= ownFolder!.Path;
        var server = await VitrineServer.StartAsync(
            new VitrineOptions
            {
                DataFolder = dataFolder,
                Decoding = decoding ?? new DecoderOptions { Processes = 2, StartTimeLimit = Patience.Limit, ItemTimeLimit = Patience.Limit },
                Watching = watching ?? new WatchOptions { Enabled = false }, // only what a test asks for is scanned
            },
            (options ?? new ServerOptions()) with { Listen = options is { Listen: not "http://127.0.0.1:7878" } ? options.Listen : "http://127.0.0.1:0" },
            services =>
            {
                // However a test's clock goes, decoders have the system's: no test here is about how long a picture takes.
                services.AddSingleton(provider => new DecoderPool(provider.GetRequiredService<DecoderOptions>(), provider.GetService<DecoderCommand>()));
                replace?.Invoke(services);
            },
            Cancelled);
        server.Services.GetRequiredService<LibraryScans>().Patience = TimeSpan.FromDays(1); // no scan here is one that does not end, unless a test says so
        return new RunningServer(server, ownFolder, dataFolder);
    }

    public async Task<JsonElement> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) =>
        await ReadAsync(await Http.GetAsync(path, Cancelled), expected);

    public async Task<JsonElement> PostAsync(string path, object? body = null, HttpStatusCode expected = HttpStatusCode.Accepted) =>
        await ReadAsync(await Http.PostAsync(path, body is null ? null : JsonContent.Create(body), Cancelled), expected);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }

    /// <summary>Adds a folder; returns its library id.</summary>
    public async Task<string> AddAsync(string path)
    {
        var answer = await ReadAsync(await Http.PostAsJsonAsync("/api/libraries", new { path }, Cancelled), HttpStatusCode.Created);
        return answer.GetProperty("library_id").GetString()!;
    }

    /// <summary>Adds a folder and waits until all of it is ready or failed.</summary>
    public async Task<string> ImportAsync(string path)
    {
        var library = await AddAsync(path);
        await FinishedAsync(library);
        return library;
    }

    /// <summary>A library whose files are all found and none is worked on: it waits, paused.</summary>
    public async Task<string> PausedLibraryAsync(string path)
    {
        // The folder is empty at first, so that nothing can be begun before the pause holds.
        var aside = Directory.CreateTempSubdirectory("vitrine-aside-").FullName;
        foreach (var file in Directory.GetFiles(path))
            File.Move(file, Path.Join(aside, Path.GetFileName(file)));
        var library = await ImportAsync(path);
        await PostAsync($"/api/libraries/{library}/pause");
        foreach (var file in Directory.GetFiles(aside))
            File.Move(file, Path.Join(path, Path.GetFileName(file)));
        Directory.Delete(aside);
        await SettledScanAsync(library);
        await PostAsync($"/api/libraries/{library}/scan");
        await SettledScanAsync(library);
        return library;
    }

    /// <summary>Waits until no scan of the library runs.</summary>
    public Task SettledScanAsync(string library) => Server.Services.GetRequiredService<Work.NamedJobs>().WhenEnded($"scan:{library}").OrTooLateAsync();

    /// <summary>Follows the progress socket to its end; every snapshot it gave.</summary>
    public async Task<List<JsonElement>> FinishedAsync(string id)
    {
        using var socket = await ConnectAsync($"/ws/progress/{id}");
        return await socket.ReadToEndAsync();
    }

    public Task<SocketClient> ConnectAsync(string path, params (string Name, string Value)[] headers) => SocketClient.ConnectAsync(Address, path, headers);

    /// <summary>Every asset of a library by its path.</summary>
    public async Task<Dictionary<string, JsonElement>> AssetsAsync(string library)
    {
        var page = await GetAsync($"/api/libraries/{library}/assets?limit=500");
        return page.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("path").GetString()!, StringComparer.Ordinal);
    }

    public async Task<long> IdOfAsync(string library, string path) => (await AssetsAsync(library))[path].GetProperty("id").GetInt64();

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.StatusCode == expected, $"{response.RequestMessage?.RequestUri}: {(int)response.StatusCode} instead of {(int)expected}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync(); // first: what is being read ends as the server ends it
        Http.Dispose();
        _ownFolder?.Dispose();
    }
}
