using System.Net;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Client;

/// <content>What changes nothing.</content>
internal sealed partial class VitrineClient : ILibraryReader
{
    /// <summary>Between two questions for what the server is still reading.</summary>
    private static readonly TimeSpan s_loading = TimeSpan.FromMilliseconds(500);

    public async Task<IReadOnlyList<LibraryItem>> LibrariesAsync(CancellationToken cancellationToken) =>
        (await GetAsync("api/libraries", ApiJson.Default.LibraryList, cancellationToken)).Items;

    public Task<LibraryItem> LibraryAsync(string id, CancellationToken cancellationToken) =>
        GetAsync($"api/libraries/{id}", ApiJson.Default.LibraryItem, cancellationToken);

    public Task<AssetFacts> AssetAsync(long id, CancellationToken cancellationToken) =>
        GetAsync($"api/assets/{id}", ApiJson.Default.AssetFacts, cancellationToken);

    public async Task<FailurePage> FailuresAsync(string? libraryId, string? reason, CancellationToken cancellationToken)
    {
        var filter = (libraryId is null ? "" : $"&library={libraryId}") + (reason is null ? "" : $"&reason={Uri.EscapeDataString(reason)}");
        var items = new List<FailureItem>();
        while (true)
        {
            var page = await GetAsync($"api/failures?offset={items.Count}&limit={PageLimits.Items}{filter}", ApiJson.Default.FailurePage, cancellationToken);
            items.AddRange(page.Items);
            if (page.Items.Count == 0 || items.Count >= page.Total)
                return page with { Offset = 0, Items = items };
        }
    }

    public Task<FailureReasonList> FailureReasonsAsync(string? libraryId, CancellationToken cancellationToken) =>
        GetAsync($"api/failures/reasons{(libraryId is null ? "" : $"?library={libraryId}")}", ApiJson.Default.FailureReasonList, cancellationToken);

    /// <summary>Null when the job never ran.</summary>
    public async Task<JobItem?> JobOrNullAsync(string name, CancellationToken cancellationToken) =>
        (await JobFactsOrNullAsync(name, cancellationToken))?.Job;

    public async Task<JobFacts?> JobFactsOrNullAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await SendOrUnreachableAsync(HttpMethod.Get, $"api/jobs/{Uri.EscapeDataString(name)}", null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await EnsureAsync(response, ExitCode.Usage, cancellationToken);
        return await ReadAsync(response, ApiJson.Default.JobFacts, cancellationToken);
    }

    public Task<WorkerList> WorkersAsync(CancellationToken cancellationToken) => GetAsync("api/workers", ApiJson.Default.WorkerList, cancellationToken);

    public async Task<string?> HeldUpAsync(CancellationToken cancellationToken)
    {
        using var response = await SendOrUnreachableAsync(HttpMethod.Get, "api/ready", null, cancellationToken);
        if (response.StatusCode != HttpStatusCode.ServiceUnavailable) // then it says what is not ready
            await EnsureAsync(response, ExitCode.Usage, cancellationToken);
        var readiness = await ReadAsync(response, ApiJson.Default.Readiness, cancellationToken);
        return readiness.Features.FirstOrDefault(feature => feature is { Name: "work", Ready: false })?.Detail;
    }

    public Task<JobList> JobsAsync(CancellationToken cancellationToken) => GetAsync("api/jobs", ApiJson.Default.JobList, cancellationToken);

    public Task<ProgressItem> ProgressAsync(string id, CancellationToken cancellationToken) =>
        GetAsync($"api/progress/{id}", ApiJson.Default.ProgressItem, cancellationToken);

    public async Task<AssetPage> SearchAsync(string libraryId, string query, long offset, int limit, CancellationToken cancellationToken)
    {
        var path = $"api/libraries/{libraryId}/assets?sort=path&offset={offset}&limit={Math.Min(limit, PageLimits.Items)}&q={Uri.EscapeDataString(query)}";
        while (true)
        {
            using var response = await SendOrUnreachableAsync(HttpMethod.Get, path, null, cancellationToken);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || response.Headers.RetryAfter is null)
            {
                await EnsureAsync(response, ExitCode.Usage, cancellationToken);
                return await ReadAsync(response, ApiJson.Default.AssetPage, cancellationToken);
            }

            await Task.Delay(s_loading, cancellationToken); // the server reads this order for the first time
        }
    }

    public async Task<string> TextAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, content: null, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}
