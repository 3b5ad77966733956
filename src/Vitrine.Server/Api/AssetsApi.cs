using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Embeddings;
using Vitrine.Images;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Errors;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>Pages of assets, one asset, its neighbours, and what is looked at.</summary>
internal static class AssetsApi
{
    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/libraries/{id:long}/assets", Page).WithTags("assets").WithName("listAssets")
            .WithSummary("A page of a library's assets")
            .WithDescription("Any offset into any order takes the same time. An order that is read for the first time, and takes long, is answered with 503 and Retry-After.")
            .WithProblems(ProblemKind.BadQuery, ProblemKind.Loading);
        routes.MapPost("/api/libraries/{id:long}/viewport", See).WithTags("assets").WithName("reportViewport")
            .WithSummary("Say what is on screen")
            .WithDescription($"These assets are worked on first. At most {VisibleAssets.Capacity} ids count.");
        routes.MapGet("/api/assets/{id:long}", Get).WithTags("assets").WithName("getAsset")
            .WithSummary("One asset, with its metadata")
            .WithDescription("An asset that is not ready is worked on right after what is on screen.");
        routes.MapGet("/api/assets/{id:long}/similar", SimilarAsync).WithTags("assets").WithName("findSimilar")
            .WithSummary("The assets that look most like one")
            .WithDescription("Nearest first, of the same library, without the asset itself. Coverage says how many assets were compared.");
        routes.MapPost("/api/assets/{id:long}/retry", RetryAsync).WithTags("assets").WithName("retryAsset")
            .WithSummary("Try a failed asset again")
            .WithDescription("It is worked on right after what is on screen.")
            .WithProblems(ProblemKind.AssetNotFailed);
    }

    private static Results<Ok<AssetPage>, ProblemHttpResult> Page(
        long id, LibraryStore libraries, BrowseIndex browse, AssetStore assets, ProgressBoard board,
        long offset = 0, int limit = 100, string sort = "added", string order = "asc", string? q = null, long seed = 0)
    {
        if (PageLimits.ProblemOrNull(limit, offset) is { } problem)
            return problem;
        if (!Enum.TryParse<AssetSort>(sort, ignoreCase: true, out var by) || int.TryParse(sort, out _))
            return Problems.Of(ProblemKind.BadParameter, $"sort is '{sort}'; known: {string.Join(", ", Enum.GetNames<AssetSort>().Select(name => name.ToLowerInvariant()))}.");
        if (order is not ("asc" or "desc"))
            return Problems.Of(ProblemKind.BadParameter, $"order is '{order}'; it must be asc or desc.");
        if (libraries.FindOrNull(id) is null)
            return Problems.NotFound($"library {id}");
        try
        {
            var (total, ids) = browse.Page(id, by, order == "desc", q, offset, limit, seed);
            var items = assets.Find(ids).Select(AssetItem.Of).ToList();
            return TypedResults.Ok(new AssetPage(total, offset, items, CoverageOf(id, browse, board)));
        }
        catch (FormatException exception)
        {
            return Problems.Of(ProblemKind.BadQuery, exception.Message);
        }
    }

    /// <summary>While the scan runs, what there is is not all there will be: then the total is not covered.</summary>
    private static Coverage CoverageOf(long libraryId, BrowseIndex browse, ProgressBoard board)
    {
        var covered = browse.Count(libraryId);
        var progress = board.SnapshotOrNull(libraryId);
        return new Coverage(covered, Math.Max(covered, progress?.Counts.Total ?? 0), progress is { Scanning: true } ? progress.EtaSeconds : null);
    }

    private static Results<NoContent, ProblemHttpResult> See(long id, Viewport body, LibraryStore libraries, VisibleAssets visible)
    {
        if (libraries.FindOrNull(id) is null)
            return Problems.NotFound($"library {id}");
        visible.Seen([.. (body.AssetIds ?? []).Take(VisibleAssets.Capacity)]);
        return TypedResults.NoContent();
    }

    private static Results<Ok<AssetFacts>, ProblemHttpResult> Get(
        long id, AssetStore assets, PictureDetailsStore details, FailureStore failures, VisibleAssets wanted)
    {
        if (assets.FindOrNull(id) is not { } asset)
            return Problems.NotFound($"asset {id}");
        if (asset.Status is not (AssetStatus.Ready or AssetStatus.Failed))
            wanted.Ask([id]); // somebody opened it: it goes before what nobody asked for
        return TypedResults.Ok(AssetFacts.Of(
            asset, details.FindOrNull(id), asset.Status == AssetStatus.Failed ? failures.FindOrNull(id) : null));
    }

    private static async Task<Results<Ok<SimilarPage>, ProblemHttpResult>> SimilarAsync(
        long id, AssetStore assets, SimilarAssets similar, IEmbedder embedder, ProgressBoard board, CancellationToken cancellationToken, int limit = 24)
    {
        if (PageLimits.ProblemOrNull(limit, most: PageLimits.Neighbours) is { } problem)
            return problem;
        if (assets.FindOrNull(id) is not { } asset)
            return Problems.NotFound($"asset {id}");
        var (neighbours, compared) = await similar.FindAsync(asset.LibraryId, id, limit, cancellationToken);
        var near = neighbours.ToDictionary(neighbour => neighbour.AssetId, neighbour => neighbour.Similarity);
        var items = assets.Find([.. neighbours.Select(neighbour => neighbour.AssetId)])
            .Select(neighbour => new SimilarItem(AssetItem.Of(neighbour), Math.Round(near[neighbour.Id], 4)))
            .ToList();
        var progress = board.SnapshotOrNull(asset.LibraryId);
        return TypedResults.Ok(new SimilarPage(
            embedder.Space.Name, items, new Coverage(compared, progress?.Counts.Total ?? compared, progress?.EtaSeconds)));
    }

    private static async Task<Results<Accepted<LibraryWork>, ProblemHttpResult>> RetryAsync(
        long id, AssetStore assets, FailureRetries retries, CancellationToken cancellationToken)
    {
        if (assets.FindOrNull(id) is not { } asset)
            return Problems.NotFound($"asset {id}");
        if (await retries.RetryAsync(id, cancellationToken) is not { } taskGroupId)
            return Problems.Of(ProblemKind.AssetNotFailed, $"Asset {id} has not failed: there is nothing to retry.");
        return TypedResults.Accepted($"/api/progress/{taskGroupId}", new LibraryWork(asset.LibraryId.ToString(), taskGroupId.ToString()));
    }
}
