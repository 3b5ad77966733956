namespace Vitrine.Tags;

/// <summary>A tag and how many assets have it.</summary>
/// <param name="Category">In the booru's sense; <c>general</c> unless something says otherwise.</param>
/// <param name="Assets">Distinct, over all libraries: an asset that has it from two sources counts once.</param>
public sealed record TagCount(long Id, string Name, string Category, long Assets);
