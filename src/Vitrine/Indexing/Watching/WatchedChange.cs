namespace Vitrine.Indexing.Watching;

/// <summary>One thing that a watch noticed.</summary>
/// <param name="Path">Relative to the root, with <c>/</c>; empty where the kind speaks of the whole library.</param>
/// <param name="Note">For people; only with <see cref="WatchedChangeKind.Blind"/>.</param>
internal readonly record struct WatchedChange(WatchedChangeKind Kind, string Path = "", string? Note = null);
