using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Vitrine.Tags;

namespace Vitrine.Server.Api;

/// <summary>A tag and how many assets have it, over all libraries.</summary>
public sealed record TagItem(string Name, string Category, long Assets);

/// <summary>Tags, those of most assets first.</summary>
/// <param name="Total">How many there are beyond the limit, too.</param>
public sealed record TagList(long Total, IReadOnlyList<TagItem> Items);

/// <summary>A tag of an asset and who says so.</summary>
public sealed record AssetTagItem(string Name, string Category, IReadOnlyList<TagSource> Sources);

/// <summary>The tags of an asset, by name.</summary>
public sealed record AssetTagList(IReadOnlyList<AssetTagItem> Items)
{
    internal static AssetTagList Of(IReadOnlyList<AssetTag> tags) => new([.. tags.Select(tag => new AssetTagItem(tag.Name, tag.Category, tag.Sources))]);
}

/// <summary>Tags to give.</summary>
/// <param name="Names">At most 100, each of 1 to 200 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewTags([property: Required] IReadOnlyList<string>? Names);
