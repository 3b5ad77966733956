using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Cli.Output;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Client;

/// <summary>Vitrine's HTTP API, as far as the command line needs it.</summary>
internal sealed partial class VitrineClient : IDisposable
{
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

    /// <summary>Whether the server answers with the token that is given, or without one.</summary>
    /// <returns>Null where it does not answer at all.</returns>
    public async Task<bool?> IsLetInOrNullAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendOrUnreachableAsync(HttpMethod.Get, "api/health", content: null, cancellationToken);
            return response.StatusCode != HttpStatusCode.Unauthorized;
        }
        catch (Exception exception) when (exception is ServerUnreachableException or CommandException)
        {
            return null;
        }
    }

    /// <param name="confirmRemoval">Whether files that are gone are removed, however many they are.</param>
    public async Task<LibraryWork> ScanAsync(string id, bool confirmRemoval, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(new ScanOrder(confirmRemoval), ApiJson.Default.ScanOrder);
        return await WorkAsync($"api/libraries/{id}/scan", content, ExitCode.Usage, cancellationToken);
    }

    /// <summary>Adds a library, or finds the one that the folder is already, whatever it is named.</summary>
    /// <returns>The library, and whether it is new.</returns>
    public async Task<(AddedLibrary Library, bool IsNew)> AddAsync(NewLibrary library, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(library, ApiJson.Default.NewLibrary);
        using var response = await SendOrUnreachableAsync(HttpMethod.Post, "api/libraries", content, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Conflict)
            return await AddAsync(new NewLibrary(library.Path), cancellationToken); // a known one with another name, or without hidden files
        await EnsureAsync(response, ExitCode.Usage, cancellationToken);
        return (await ReadAsync(response, ApiJson.Default.AddedLibrary, cancellationToken), response.StatusCode == HttpStatusCode.Created);
    }

    /// <summary>The first assets of a library, in the order in which they were found.</summary>
    public async Task<IReadOnlyList<AssetItem>> FirstAssetsAsync(string libraryId, CancellationToken cancellationToken) =>
        (await GetAsync($"api/libraries/{libraryId}/assets?limit={PageLimits.Items}", ApiJson.Default.AssetPage, cancellationToken)).Items;

    /// <summary>Has the folder of <c>vitrine demo --compare</c> decoded by one request.</summary>
    public async Task<ForegroundImport> ImportInForegroundAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, ComparisonApi.Address[1..], content: null, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.ForegroundImport, cancellationToken);
    }

    /// <returns>The library under its new name.</returns>
    public async Task<LibraryItem> RenameAsync(string id, string name, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(new NewName(name), CliJson.Default.NewName);
        using var response = await SendAsync(HttpMethod.Patch, $"api/libraries/{id}", content, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.LibraryItem, cancellationToken);
    }

    /// <summary>Takes a library and all that is known of its files away; the files stay.</summary>
    public async Task ForgetAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"api/libraries/{id}", content: null, cancellationToken);
    }

    /// <param name="path">A call that answers with a task group, such as <c>api/libraries/1/scan</c>.</param>
    public Task<LibraryWork> WorkAsync(string path, CancellationToken cancellationToken) => WorkAsync(path, content: null, ExitCode.Usage, cancellationToken);

    /// <summary>Puts a library's failed assets back to work.</summary>
    /// <param name="reason">Only those that failed for it; null for all.</param>
    /// <exception cref="CommandException">There is no such library; or they are being put back already, which passes.</exception>
    public Task<LibraryWork> RetryFailedAsync(string id, string? reason, CancellationToken cancellationToken) => WorkAsync(
        $"api/libraries/{id}/retry-failed{(reason is null ? "" : $"?reason={Uri.EscapeDataString(reason)}")}", content: null, ExitCode.CouldNotRun, cancellationToken);

    /// <param name="verb"><c>cancel</c>, <c>pause</c> or <c>resume</c>.</param>
    public async Task<JobItem> ChangeJobAsync(string name, string verb, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, $"api/jobs/{Uri.EscapeDataString(name)}/{verb}", content: null, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.JobItem, cancellationToken);
    }

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

    private async Task<LibraryWork> WorkAsync(string path, HttpContent? content, int conflict, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellationToken, conflict);
        return await ReadAsync(response, ApiJson.Default.LibraryWork, cancellationToken);
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, content: null, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    /// <param name="conflict">The exit code where the server answers that what was asked for does not fit how things stand.</param>
    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken, int conflict = ExitCode.Usage)
    {
        var response = await SendOrUnreachableAsync(method, path, content, cancellationToken);
        try
        {
            await EnsureAsync(response, conflict, cancellationToken);
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

    /// <summary>What is not there, cannot be read, or does not fit how it stands is the command line's mistake; anything else is the server's trouble.</summary>
    private async Task EnsureAsync(HttpResponseMessage response, int conflict, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            throw CommandException.CouldNotRun($"{_address} asks for its access token: give it with --token or $VITRINE_TOKEN. 'vitrine token' shows it on the machine of the server.");
        if (response.StatusCode == HttpStatusCode.RequestUriTooLong)
            throw CommandException.Usage($"What was asked for is too long for {_address}, or for a proxy before it. Leave some of it out.");
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            throw CommandException.CouldNotRun($"{_address} answered {(int)response.StatusCode} {response.ReasonPhrase}. Check that it is a Vitrine server.");
        var problem = await ReadAsync(response, ApiJson.Default.ProblemDetails, cancellationToken);
        throw new CommandException(
            response.StatusCode switch
            {
                HttpStatusCode.BadRequest or HttpStatusCode.NotFound => ExitCode.Usage,
                HttpStatusCode.Conflict => conflict,
                _ => ExitCode.CouldNotRun,
            },
            problem.Detail ?? problem.Title ?? $"{_address} answered {(int)response.StatusCode} {response.ReasonPhrase}.");
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
