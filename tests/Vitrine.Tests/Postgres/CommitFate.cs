namespace Vitrine.Tests.Postgres;

/// <summary>What becomes of a commit on its way.</summary>
public enum CommitFate
{
    /// <summary>It arrives, and so does its answer.</summary>
    Passes,

    /// <summary>The connection is cut before it arrives: nothing is committed.</summary>
    IsLost,

    /// <summary>It takes effect, and the connection is cut before the answer arrives.</summary>
    LosesItsAnswer,
}
