using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Server.Api;
using Vitrine.Server.Errors;

namespace Vitrine.Cli.Client;

/// <summary>Vitrine's HTTP API, as far as the command line needs it.</summary>
internal sealed class VitrineClient : IDisposable
{
    private const int LargestPage = 500;

    private readonly HttpClient _http;
    private readonly string _address;

    /// <param name="address">Of the server, without a slash at its end.</param>
    /// <param name="token">The access token; null where none is needed.</param>
    /// <param name="patience">How long an answer may take; null for 100 s.</param>
    public VitrineClient(string address, string? token, TimeSpan? patience = null)
    {
        _address = address;
        _http = new HttpClient { BaseAddress = new Uri(address + "/") };
        if (patience is { } given)
            _http.Timeout = given;
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="CommandException">There is no Vitrine.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var health = await GetAsync("api/health", ApiJson.Default.Health, cancellationToken);
        if (health.Status != "alive")
            throw CommandException.CouldNotRun($"{_address} is no Vitrine server.");
    }

    /// <summary>Which features are ready, also when the server as a whole is not.</summary>
    public async Task<Readiness> ReadinessAsync(CancellationToken cancellationToken)
    {
        using var response = await SendOrUnreachableAsync(HttpMethod.Get, "api/ready", null, cancellationToken);
        if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            await EnsureAsync(response, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.Readiness, cancellationToken);
    }

    public async Task<IReadOnlyList<LibraryItem>> LibrariesAsync(CancellationToken cancellationToken) =>
        (await GetAsync("api/libraries", ApiJson.Default.LibraryList, cancellationToken)).Items;

    public Task<LibraryItem> LibraryAsync(string id, CancellationToken cancellationToken) =>
        GetAsync($"api/libraries/{id}", ApiJson.Default.LibraryItem, cancellationToken);

    /// <param name="confirmRemoval">Whether files that are gone are removed, however many they are.</param>
    public async Task<LibraryWork> ScanAsync(string id, bool confirmRemoval, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(new ScanOrder(confirmRemoval), ApiJson.Default.ScanOrder);
        return await WorkAsync($"api/libraries/{id}/scan", content, cancellationToken);
    }

    /// <summary>Adds a library, or finds the one that the folder is already, whatever it is named.</summary>
    /// <returns>The library, and whether it is new.</returns>
    public async Task<(AddedLibrary Library, bool IsNew)> AddAsync(NewLibrary library, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(library, ApiJson.Default.NewLibrary);
        using var response = await SendOrUnreachableAsync(HttpMethod.Post, "api/libraries", content, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Conflict)
            return await AddAsync(new NewLibrary(library.Path), cancellationToken); // a known one with another name, or without hidden files
        await EnsureAsync(response, cancellationToken);
        return (await ReadAsync(response, ApiJson.Default.AddedLibrary, cancellationToken), response.StatusCode == HttpStatusCode.Created);
    }

    /// <summary>The first assets of a library, in the order in which they were found.</summary>
    public async Task<IReadOnlyList<AssetItem>> FirstAssetsAsync(string libraryId, CancellationToken cancellationToken) =>
        (await GetAsync($"api/libraries/{libraryId}/assets?limit={LargestPage}", ApiJson.Default.AssetPage, cancellationToken)).Items;

    /// <summary>Has the folder of <c>vitrine demo --compare</c> decoded by one request.</summary>
    public async Task<ForegroundImport> ImportInForegroundAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, ComparisonApi.Address[1..], content: null, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.ForegroundImport, cancellationToken);
    }

    /// <param name="path">A call that answers with a task group, such as <c>api/libraries/1/scan</c>.</param>
    public Task<LibraryWork> WorkAsync(string path, CancellationToken cancellationToken) => WorkAsync(path, content: null, cancellationToken);

    private async Task<LibraryWork> WorkAsync(string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.LibraryWork, cancellationToken);
    }

    /// <summary>All failures and skipped paths, of one library or of all, for any reason or one.</summary>
    public async Task<FailurePage> FailuresAsync(string? libraryId, CancellationToken cancellationToken, string? reason = null)
    {
        var filter = (libraryId is null ? "" : $"&library={libraryId}") + (reason is null ? "" : $"&reason={Uri.EscapeDataString(reason)}");
        var items = new List<FailureItem>();
        while (true)
        {
            var page = await GetAsync($"api/failures?offset={items.Count}&limit={LargestPage}{filter}", ApiJson.Default.FailurePage, cancellationToken);
            items.AddRange(page.Items);
            if (page.Items.Count == 0 || items.Count >= page.Total)
                return page with { Offset = 0, Items = items };
        }
    }

    /// <summary>Failures by reason, of one library or of all.</summary>
    public Task<FailureReasonList> FailureReasonsAsync(string? libraryId, CancellationToken cancellationToken) =>
        GetAsync($"api/failures/reasons{(libraryId is null ? "" : $"?library={libraryId}")}", ApiJson.Default.FailureReasonList, cancellationToken);

    /// <summary>Null when the job never ran.</summary>
    public async Task<JobItem?> JobOrNullAsync(string name, CancellationToken cancellationToken) =>
        (await JobFactsOrNullAsync(name, cancellationToken))?.Job;

    /// <summary>The last run of a job with its log lines, and the runs before it; null when the job never ran.</summary>
    public async Task<JobFacts?> JobFactsOrNullAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await SendOrUnreachableAsync(HttpMethod.Get, $"api/jobs/{Uri.EscapeDataString(name)}", null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await EnsureAsync(response, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.JobFacts, cancellationToken);
    }

    public async Task<WorkerList> WorkersAsync(CancellationToken cancellationToken) => await GetAsync("api/workers", ApiJson.Default.WorkerList, cancellationToken);

    public async Task<JobList> JobsAsync(CancellationToken cancellationToken) => await GetAsync("api/jobs", ApiJson.Default.JobList, cancellationToken);

    /// <param name="verb"><c>cancel</c>, <c>pause</c> or <c>resume</c>.</param>
    public async Task<JobItem> ChangeJobAsync(string name, string verb, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, $"api/jobs/{Uri.EscapeDataString(name)}/{verb}", content: null, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.JobItem, cancellationToken);
    }

    public Task<ProgressItem> ProgressAsync(string id, CancellationToken cancellationToken) =>
        GetAsync($"api/progress/{id}", ApiJson.Default.ProgressItem, cancellationToken);

    /// <exception cref="WebSocketException">Sockets do not get through to the server.</exception>
    public async Task<ClientWebSocket> OpenProgressSocketAsync(string id, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        if (_http.DefaultRequestHeaders.Authorization is { } authorization)
            socket.Options.SetRequestHeader("Authorization", authorization.ToString());
        try
        {
            await socket.ConnectAsync(new Uri($"ws{_address["http".Length..]}/ws/progress/{id}"), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task<string> TextAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, content: null, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, content: null, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var response = await SendOrUnreachableAsync(method, path, content, cancellationToken);
        try
        {
            await EnsureAsync(response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendOrUnreachableAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new ServerUnreachableException(_address, exception);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw CommandException.CouldNotRun($"{_address} did not answer {method} {path} within {_http.Timeout.TotalSeconds:0} s. Look at its log; then try again.");
        }
    }

    private static async Task EnsureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        object? code = null;
        var detail = $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.";
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            var problem = await response.Content.ReadFromJsonAsync(ApiJson.Default.ProblemDetails, cancellationToken);
            detail = problem?.Detail ?? problem?.Title ?? detail;
            problem?.Extensions.TryGetValue("code", out code);
        }

        // What stands in the way of a retry is another retry, not the command.
        var isOwnMistake = response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict && code?.ToString() != ProblemKind.RetryRunning.Code;
        throw new CommandException(isOwnMistake ? ExitCode.Usage : ExitCode.CouldNotRun, detail);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException exception)
        {
            throw CommandException.CouldNotRun($"{_address} is no Vitrine server, or one of another version: {exception.Message}");
        }
    }
}
