namespace Vitrine.Caching;

/// <summary>A cache is being built for the first time, and that takes longer than a request may wait. Try again.</summary>
public sealed class SnapshotLoadingException(string name)
    : Exception($"'{name}' is being read into memory for the first time. Try again in a moment.")
{
    /// <summary>Which cache.</summary>
    public string Name { get; } = name;
}
