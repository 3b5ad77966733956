namespace Vitrine.Work;

/// <summary>What a job promises.</summary>
[Flags]
public enum JobTraits
{
    None = 0,

    /// <summary>It calls <see cref="JobReport.WaitWhilePausedAsync"/> between its items.</summary>
    Pausable = 1,

    /// <summary>Who submits it does so again at the next start, and the run that was interrupted goes on.</summary>
    Resumable = 2,
}
