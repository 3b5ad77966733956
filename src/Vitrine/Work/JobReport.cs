using Microsoft.Extensions.Logging;

namespace Vitrine.Work;

/// <summary>Lets a running job say how far it is, wait while it is paused, and ask why it is to end.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class JobReport
{
    private readonly Action<string> _tell;
    private readonly RunningJob? _job;

    /// <summary>For work that runs without a job: what it says goes to <paramref name="tell"/>.</summary>
    public JobReport(Action<string> tell)
    {
        _tell = tell;
    }

    internal JobReport(RunningJob job)
    {
        _job = job;
        _tell = message => job.Say(message, null);
    }

    /// <summary>True when somebody cancelled the job; false while the program only stops, and will go on with it.</summary>
    public bool IsCancelled => _job is { CancelledByRequest: true };

    public void Say(string message) => _tell(message);

    /// <param name="fraction">Done, 0 to 1.</param>
    public void Say(string message, double fraction)
    {
        if (_job is null)
            _tell(message);
        else
            _job.Say(message, Math.Clamp(fraction, 0, 1));
    }

    /// <summary>What the job came to, for a person or, as JSON, for who started it; kept with the run.</summary>
    public void SayResult(string result)
    {
        _tell(result);
        _job?.Change(job => job with { Result = result });
    }

    /// <summary>Adds to the lines that are kept with the run; what is logged during the job is among them without this.</summary>
    public void Log(LogLevel level, string text) => _job?.Log(level, text);

    /// <summary>Between two items: returns at once, or when the job is resumed.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, also while it was paused.</exception>
    public Task WaitWhilePausedAsync(CancellationToken cancellationToken) =>
        _job?.WaitWhilePausedAsync(cancellationToken) ?? Task.CompletedTask;
}
