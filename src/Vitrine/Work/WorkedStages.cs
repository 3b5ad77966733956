namespace Vitrine.Work;

/// <summary>The stages that a process claims for.</summary>
[Flags]
public enum WorkedStages
{
    /// <summary>It only serves.</summary>
    None = 0,

    /// <summary>Phase 2.</summary>
    Metadata = 1,

    /// <summary>Phase 3.</summary>
    Embedding = 2,

    All = Metadata | Embedding,
}
