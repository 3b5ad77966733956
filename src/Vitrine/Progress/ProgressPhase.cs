namespace Vitrine.Progress;

/// <summary>The earliest phase that still has work.</summary>
public enum ProgressPhase
{
    Scanning,
    Metadata,
    Embedding,
    Done,
}
