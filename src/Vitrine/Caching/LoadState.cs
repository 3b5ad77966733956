namespace Vitrine.Caching;

/// <summary>Where a <see cref="SharedLoad{T}"/> stands.</summary>
public enum LoadState
{
    /// <summary>Nobody needed it yet.</summary>
    NotAsked,
    Loading,
    Loaded,
    Failed,
}
