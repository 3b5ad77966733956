using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Libraries;
using Vitrine.Server.Errors;
using Vitrine.Tags;

namespace Vitrine.Server.Api;

/// <summary>All tags with their counts, and those of one asset.</summary>
internal static class TagsApi
{
    private const int MostAtOnce = 100;

    public static void MapTags(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/tags", All).WithTags("tags").WithName("listTags")
            .WithSummary("Tags whose names begin with a text")
            .WithDescription("Over all libraries, those of most assets first. Upper and lower case are the same.")
            .WithProblems(ProblemKind.Loading);
        routes.MapGet("/api/assets/{id:long}/tags", OfAsset).WithTags("tags").WithName("getAssetTags")
            .WithSummary("The tags of an asset")
            .WithDescription("By name, each with who says so.");
        routes.MapPost("/api/assets/{id:long}/tags", AddAsync).WithTags("tags").WithName("addAssetTags")
            .WithSummary("Give an asset tags")
            .WithDescription($"At most {MostAtOnce} at once, each of 1 to {TagName.Longest} characters. Those it has already stay.");
        routes.MapDelete("/api/assets/{id:long}/tags", RemoveAsync).WithTags("tags").WithName("removeAssetTag")
            .WithSummary("Take a tag from an asset")
            .WithDescription("What the asset's file says stays until the file says otherwise.");
    }

    private static Results<Ok<TagList>, ProblemHttpResult> All(TagCounts counts, string? q = null, int limit = 50)
    {
        if (PageLimits.ProblemOrNull(limit) is { } problem)
            return problem;
        var (total, tags) = counts.Find(TagName.NormalizeOrNull(q) ?? "", limit);
        return TypedResults.Ok(new TagList(total, [.. tags.Select(tag => new TagItem(tag.Name, tag.Category, tag.Assets))]));
    }

    private static Results<Ok<AssetTagList>, ProblemHttpResult> OfAsset(long id, AssetStore assets, TagStore tags) =>
        assets.FindOrNull(id) is null ? Problems.NotFound($"asset {id}") : TypedResults.Ok(AssetTagList.Of(tags.OfAsset(id)));

    private static async Task<Results<Ok<AssetTagList>, ProblemHttpResult>> AddAsync(
        long id, NewTags body, TagStore tags, CancellationToken cancellationToken)
    {
        if (body.Names is not { Count: > 0 and <= MostAtOnce } names)
            return Problems.Of(ProblemKind.BadBody, $"'names' must be a list of 1 to {MostAtOnce} tags.");
        var normal = names.Select(TagName.NormalizeOrNull).ToList();
        if (normal.Contains(null))
            return Problems.Of(ProblemKind.BadBody, $"A tag must be 1 to {TagName.Longest} characters, not only spaces: look at number {normal.IndexOf(null) + 1} of 'names'.");
        return Answer(id, await tags.AddAsync(id, [.. normal.OfType<string>()], cancellationToken));
    }

    private static async Task<Results<Ok<AssetTagList>, ProblemHttpResult>> RemoveAsync(
        long id, string name, TagStore tags, CancellationToken cancellationToken) =>
        Answer(id, await tags.RemoveAsync(id, TagName.NormalizeOrNull(name) ?? "", cancellationToken));

    private static Results<Ok<AssetTagList>, ProblemHttpResult> Answer(long id, IReadOnlyList<AssetTag>? tags) =>
        tags is null ? Problems.NotFound($"asset {id}") : TypedResults.Ok(AssetTagList.Of(tags));
}
