using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary><c>/api/libraries</c>: adding, listing, scanning, holding and forgetting.</summary>
internal static class LibrariesApi
{
    public static void MapLibraries(this IEndpointRouteBuilder routes)
    {
        var libraries = routes.MapGroup("/api/libraries").WithTags("libraries");
        libraries.MapPost("", AddAsync).WithName("addLibrary");
        libraries.MapGet("", List).WithName("listLibraries");
        libraries.MapGet("{id:long}", Get).WithName("getLibrary");
        libraries.MapDelete("{id:long}", ForgetAsync).WithName("forgetLibrary");
        libraries.MapPost("{id:long}/scan", ScanAsync).WithName("scanLibrary");
        libraries.MapPost("{id:long}/pause", PauseAsync).WithName("pauseLibrary");
        libraries.MapPost("{id:long}/resume", ResumeAsync).WithName("resumeLibrary");
        libraries.MapPost("{id:long}/cancel", CancelAsync).WithName("cancelLibrary");
        libraries.MapPost("{id:long}/retry-failed", RetryFailedAsync).WithName("retryFailed");
    }

    private static async Task<Results<Created<AddedLibrary>, Ok<AddedLibrary>, ProblemHttpResult>> AddAsync(
        NewLibrary body, VitrineOptions options, LibraryScans scans, CancellationToken cancellationToken)
    {
        string root;
        try
        {
            root = LibraryRoot.Check(body.Path ?? "", options.DataFolder);
        }
        catch (LibraryPathException exception)
        {
            return Problems.BadRequest(exception.Message);
        }

        var (library, created) = await scans.AddAsync(root, body.Name, body.IncludeHidden ?? false, cancellationToken);
        var added = new AddedLibrary(library.Id.ToString(), library.TaskGroupId.ToString(), library.Name, library.Path);
        return created ? TypedResults.Created($"/api/libraries/{library.Id}", added) : TypedResults.Ok(added);
    }

    private static Ok<LibraryList> List(LibraryStore libraries, ProgressBoard board, FollowedLibraries followed) =>
        TypedResults.Ok(new LibraryList([.. libraries.All().Select(library => LibraryItem.OfOrNull(library, libraries, board, followed)).OfType<LibraryItem>()]));

    private static Results<Ok<LibraryItem>, ProblemHttpResult> Get(long id, LibraryStore libraries, ProgressBoard board, FollowedLibraries followed) =>
        libraries.FindOrNull(id) is { } library && LibraryItem.OfOrNull(library, libraries, board, followed) is { } item
            ? TypedResults.Ok(item)
            : Problems.NotFound($"library {id}");

    private static async Task<Results<NoContent, ProblemHttpResult>> ForgetAsync(
        long id, LibraryScans scans, CancellationToken cancellationToken) =>
        await scans.ForgetAsync(id, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound($"library {id}");

    private static Task<Results<Accepted<LibraryWork>, ProblemHttpResult>> ScanAsync(
        long id, ScanOrder? body, LibraryStore libraries, LibraryScans scans, CancellationToken cancellationToken) =>
        OnLibraryAsync(id, libraries, library => scans.ScanAsync(library, body?.ConfirmRemoval ?? false, cancellationToken));

    private static Task<Results<Accepted<LibraryWork>, ProblemHttpResult>> PauseAsync(
        long id, LibraryStore libraries, LibraryScans scans, CancellationToken cancellationToken) =>
        OnLibraryAsync(id, libraries, async library =>
        {
            await scans.PauseAsync(id, cancellationToken);
            return library.TaskGroupId;
        });

    private static Task<Results<Accepted<LibraryWork>, ProblemHttpResult>> ResumeAsync(
        long id, LibraryStore libraries, LibraryScans scans, CancellationToken cancellationToken) =>
        OnLibraryAsync(id, libraries, async library =>
        {
            await scans.ResumeAsync(id, cancellationToken);
            return library.TaskGroupId;
        });

    private static Task<Results<Accepted<LibraryWork>, ProblemHttpResult>> CancelAsync(
        long id, LibraryStore libraries, LibraryScans scans, CancellationToken cancellationToken) =>
        OnLibraryAsync(id, libraries, async library =>
        {
            await scans.CancelAsync(id, cancellationToken);
            return library.TaskGroupId;
        });

    /// <param name="reason">Only failures of this class.</param>
    private static async Task<Results<Accepted<RetryWork>, ProblemHttpResult>> RetryFailedAsync(
        long id, LibraryStore libraries, FailureRetries retries, CancellationToken cancellationToken, string? reason = null)
    {
        if (libraries.FindOrNull(id) is null)
            return Problems.NotFound($"library {id}");
        return await retries.RetryLibraryAsync(id, reason, cancellationToken) is var (group, count)
            ? TypedResults.Accepted($"/api/progress/{group}", new RetryWork(id.ToString(), group.ToString(), count))
            : Problems.Conflict($"Failed assets of library {id} are being put back already. Wait for job '{FailureRetries.JobName(id)}' to end.");
    }

    /// <summary>Runs what answers with a task group, on a library that exists.</summary>
    private static async Task<Results<Accepted<LibraryWork>, ProblemHttpResult>> OnLibraryAsync(
        long id, LibraryStore libraries, Func<Library, Task<long>> work)
    {
        if (libraries.FindOrNull(id) is not { } library)
            return Problems.NotFound($"library {id}");
        var taskGroupId = await work(library);
        return TypedResults.Accepted($"/api/progress/{taskGroupId}", new LibraryWork(id.ToString(), taskGroupId.ToString()));
    }
}
