namespace Vitrine.Storage;

/// <summary>Which of two waiting writes goes first.</summary>
public enum WriteUrgency
{
    /// <summary>Large and patient: rows of a scan. At most one per commit, so that others wait for one batch only.</summary>
    Bulk,

    /// <summary>Small: a person waits for it, or a worker's claim does.</summary>
    Urgent,
}
