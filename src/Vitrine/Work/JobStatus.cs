namespace Vitrine.Work;

/// <summary>How a run of a job stands.</summary>
public enum JobStatus
{
    /// <summary>The program was stopped; the job goes on at its next start.</summary>
    Queued,
    Running,
    Completed,
    Failed,
    Cancelled,
}
