namespace Vitrine.Tags;

/// <summary>A tag of one asset.</summary>
/// <param name="Sources">Who says so; at least one.</param>
public sealed record AssetTag(string Name, string Category, IReadOnlyList<TagSource> Sources);
