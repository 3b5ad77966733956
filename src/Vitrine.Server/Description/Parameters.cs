using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Vitrine.Libraries;
using Vitrine.Server.Api;

namespace Vitrine.Server.Description;

/// <summary>What parameters mean and may be. The same name means the same in every call, except where a call is named.</summary>
internal static class Parameters
{
    private static readonly Dictionary<string, string> s_texts = new(StringComparer.Ordinal)
    {
        ["id"] = "The library's id, as GET /api/libraries gives it.",
        ["getProgress id"] = "The id of a library or of a task group.",
        ["followProgressBySocket id"] = "The id of a library or of a task group.",
        ["followProgressByEvents id"] = "The id of a library or of a task group.",
        ["asset id"] = "The asset's id.",
        ["name"] = "The job's name, such as scan:1.",
        ["removeAssetTag name"] = "The tag's name. Upper and lower case are the same.",
        ["library"] = "The id of a library: only what belongs to it. Everything without it.",
        ["offset"] = "How many items of the whole list stand before the page: 0 or more.",
        ["limit"] = $"How many items the page has at most: 1 to {PageLimits.Items}.",
        ["findSimilar limit"] = $"How many neighbours are answered at most: 1 to {PageLimits.Neighbours}.",
        ["sort"] = "By what the assets are ordered. added is the order in which they were found.",
        ["order"] = "Whether the order is ascending or descending.",
        ["seed"] = "Of sort=random: the same seed always gives the same order.",
        ["q"] = "Words and filters that an asset must match, such as: beach status:failed tag:\"new york\". At most 100 different ones.",
        ["listTags q"] = "How the names of the tags begin. All tags without it.",
        ["reason"] = "Only failures of this class, such as damaged or cut_off, as GET /api/failures/reasons lists them. What is none finds nothing.",
        ["run"] = "The run_id of one of the kept runs. The last run without it.",
        ["c"] = "The content that is expected, as the URLs of an asset have it. With the current one the answer may be kept for ever; without it the answer has an ETag to ask by.",
    };

    private static readonly Dictionary<string, string[]> s_choices = new(StringComparer.Ordinal)
    {
        ["sort"] = [.. Enum.GetNames<AssetSort>().Select(name => name.ToLowerInvariant())],
        ["order"] = ["asc", "desc"],
    };

    /// <summary>The least and the most that numbers may be; no most where there is none.</summary>
    private static readonly Dictionary<string, (int Least, int? Most)> s_ranges = new(StringComparer.Ordinal)
    {
        ["offset"] = (0, null),
        ["limit"] = (1, PageLimits.Items),
        ["findSimilar limit"] = (1, PageLimits.Neighbours),
    };

    public static void Describe(OpenApiOperation operation, ApiDescription description)
    {
        var isAsset = description.RelativePath?.StartsWith("api/assets", StringComparison.Ordinal) == true;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            var name = parameter.Name!;
            parameter.Description = s_texts.GetValueOrDefault($"{operation.OperationId} {name}") ?? s_texts.GetValueOrDefault(isAsset && name == "id" ? "asset id" : name);
            // Library and task group ids are opaque strings to clients, though they are numbers here.
            if ((name == "id" && !isAsset) || name == "library")
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
            else if (s_choices.TryGetValue(name, out var choices))
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. choices.Select(choice => JsonValue.Create(choice)!)], Default = choices[0] };
            else if (parameter.Schema is OpenApiSchema number && (s_ranges.TryGetValue($"{operation.OperationId} {name}", out var range) || s_ranges.TryGetValue(name, out range)))
                (number.Minimum, number.Maximum) = ($"{range.Least}", range.Most is { } most ? $"{most}" : null);
        }
    }
}
