namespace Vitrine.Progress;

/// <summary>How the work of a library or a task group stands.</summary>
public enum ProgressStatus
{
    InProgress,
    Paused,
    Cancelled,

    /// <summary>Not scanning and every asset ready or failed; an empty folder is complete with 0.</summary>
    Complete,
}
