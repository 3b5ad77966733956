namespace Vitrine.Cli;

/// <summary>What the program tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>All is done, or nothing, because a person answered no.</summary>
    public const int Done = 0;

    /// <summary>Done, with failed or skipped files, or with checks that did not pass; they are listed.</summary>
    public const int DoneWithFailures = 1;

    /// <summary>The command line, a path on it or an option is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The work could not be done: data folder in use, server not there, disk full.</summary>
    public const int CouldNotRun = 3;

    /// <summary>Ended by Ctrl+C, as shells have it; unfinished work was handed back.</summary>
    public const int Interrupted = 130;
}
