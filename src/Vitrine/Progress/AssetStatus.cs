namespace Vitrine.Progress;

/// <summary>Where an asset stands. It moves only forward, or to failed from any working state; a retry or a changed file starts again.</summary>
public enum AssetStatus
{
    Pending = 0,
    Indexed = 1,
    Embedding = 2,
    Ready = 3,
    Failed = 4,
}
