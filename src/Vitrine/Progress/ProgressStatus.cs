namespace Vitrine.Progress;

public enum ProgressStatus
{
    InProgress,
    Paused,
    Cancelled,

    /// <summary>Not scanning and every asset ready or failed; an empty folder is complete with 0.</summary>
    Complete,
}
