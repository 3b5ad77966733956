namespace Vitrine.Progress;

/// <summary>The work that moves an asset on.</summary>
public enum Stage
{
    /// <summary>Phase 2: pending to indexed.</summary>
    Metadata = 0,

    /// <summary>Phase 3: indexed, over embedding, to ready.</summary>
    Embedding = 1,
}
