using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Errors;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary><c>/api/libraries</c>: adding, listing, renaming, scanning, holding and forgetting.</summary>
internal static class LibrariesApi
{
    public static void MapLibraries(this IEndpointRouteBuilder routes)
    {
        var libraries = routes.MapGroup("/api/libraries").WithTags("libraries");
        libraries.MapPost("", AddAsync).WithName("addLibrary")
            .WithSummary("Add a folder as a library")
            .WithDescription("Answers 201 as soon as the library is stored; its scan goes on behind it. A folder that is a library already is answered with 200; when another name, or hidden files, were asked for, with 409.")
            .WithProblems(ProblemKind.BadFolder, ProblemKind.LibraryExists);
        libraries.MapGet("", List).WithName("listLibraries")
            .WithSummary("All libraries")
            .WithDescription("By name, each with its progress.");
        libraries.MapGet("{id:long}", Get).WithName("getLibrary")
            .WithSummary("One library")
            .WithDescription("With its progress, and whether its folder is there.");
        libraries.MapPatch("{id:long}", RenameAsync).WithName("renameLibrary")
            .WithSummary("Give a library another name")
            .WithDescription("Answers the library. Several libraries may have the same name; the folder keeps its own.");
        libraries.MapDelete("{id:long}", ForgetAsync).WithName("forgetLibrary")
            .WithSummary("Forget a library")
            .WithDescription("What Vitrine knows of its assets is removed, tags that people gave included. The files are never touched.")
            .WithProblems(ProblemKind.StillEnding);
        libraries.MapPost("{id:long}/scan", ScanAsync).WithName("scanLibrary")
            .WithSummary("Look for new, changed and vanished files")
            .WithDescription("Answers the task group to follow. The body may be left out.")
            .WithProblems(ProblemKind.StillEnding);
        libraries.MapPost("{id:long}/pause", PauseAsync).WithName("pauseLibrary")
            .WithSummary("Hold a library's work")
            .WithDescription("Between two assets, and its scan between two folders, until it is resumed, also over restarts.");
        libraries.MapPost("{id:long}/resume", ResumeAsync).WithName("resumeLibrary")
            .WithSummary("Let a library's work go on")
            .WithDescription("One that is not held goes on as it does.");
        libraries.MapPost("{id:long}/cancel", CancelAsync).WithName("cancelLibrary")
            .WithSummary("End a library's work")
            .WithDescription("What was not done stays as it is until the library is scanned again.")
            .WithProblems(ProblemKind.StillEnding);
        libraries.MapPost("{id:long}/retry-failed", RetryFailedAsync).WithName("retryFailed")
            .WithSummary("Try a library's failed assets again")
            .WithDescription("All of them, or those that failed for one reason. Answers the task group to follow.")
            .WithProblems(ProblemKind.RetryRunning);
    }

    private static async Task<Results<Created<AddedLibrary>, Ok<AddedLibrary>, ProblemHttpResult>> AddAsync(
        NewLibrary body, VitrineOptions options, LibraryStore libraries, LibraryScans scans, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(body.Name) && LibraryName.NormalizeOrNull(body.Name) is null)
            return BadName();
        string root;
        try
        {
            root = LibraryRoot.Check(body.Path ?? "", options.DataFolder);
        }
        catch (LibraryPathException exception)
        {
            return Problems.Of(ProblemKind.BadFolder, exception.Message);
        }

        var (library, created) = await scans.AddAsync(root, body.Name, body.IncludeHidden ?? false, cancellationToken);
        if (!created && DifferenceOrNull(library, body) is { } difference)
            return Problems.Of(ProblemKind.LibraryExists, $"{library.Path} is library {library.Id} already, {difference}");
        var added = new AddedLibrary(library.Id.ToString(), library.TaskGroupId.ToString(), library.Name, library.Path, LibraryOverlap.NoteOrNull(library, libraries.All()));
        return created ? TypedResults.Created($"/api/libraries/{library.Id}", added) : TypedResults.Ok(added);
    }

    private static Ok<LibraryList> List(LibraryStore libraries, ProgressBoard board, FollowedLibraries followed) =>
        TypedResults.Ok(new LibraryList([.. libraries.All().Select(library => LibraryItem.OfOrNull(library, libraries, board, followed)).OfType<LibraryItem>()]));

    private static Results<Ok<LibraryItem>, ProblemHttpResult> Get(long id, LibraryStore libraries, ProgressBoard board, FollowedLibraries followed) =>
        libraries.FindOrNull(id) is { } library && LibraryItem.OfOrNull(library, libraries, board, followed) is { } item
            ? TypedResults.Ok(item)
            : Problems.NotFound($"library {id}");

    private static async Task<Results<Ok<LibraryItem>, ProblemHttpResult>> RenameAsync(
        long id, LibraryChange body, LibraryStore libraries, ProgressBoard board, FollowedLibraries followed, CancellationToken cancellationToken)
    {
        if (LibraryName.NormalizeOrNull(body.Name) is not { } name)
            return BadName();
        return await libraries.RenameAsync(id, name, cancellationToken) is { } library && LibraryItem.OfOrNull(library, libraries, board, followed) is { } item
            ? TypedResults.Ok(item)
            : Problems.NotFound($"library {id}");
    }

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
            : Problems.Of(ProblemKind.RetryRunning, $"Failed assets of library {id} are being put back already. Wait for job '{FailureRetries.JobName(id)}' to end.");
    }

    private static ProblemHttpResult BadName() =>
        Problems.Of(ProblemKind.BadBody, $"'name' must be 1 to {LibraryName.Longest} characters, not only spaces.");

    /// <summary>How a known library differs from what was asked for, and what to do; null where it does not. What was left out is not asked for.</summary>
    private static string? DifferenceOrNull(Library library, NewLibrary wanted)
    {
        if (LibraryName.NormalizeOrNull(wanted.Name) is { } name && name != library.Name)
            return $"named '{library.Name}'. Leave the name out to have it as it is, or rename it with PATCH /api/libraries/{library.Id}.";
        return wanted.IncludeHidden == true && !library.IncludeHidden
            ? "without hidden files. Leave include_hidden out to have it as it is, or forget the library and add it anew."
            : null;
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
