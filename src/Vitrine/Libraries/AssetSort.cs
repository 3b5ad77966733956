namespace Vitrine.Libraries;

/// <summary>What a library can be sorted by; equal values follow the order of arrival.</summary>
public enum AssetSort
{
    Added,
    Path,
    Name,
    Size,
    Modified,
    Captured,
    Width,
    Status,

    /// <summary>Shuffled by a seed: the same seed always gives the same order.</summary>
    Random,
}
