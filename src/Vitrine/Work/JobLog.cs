using Microsoft.Extensions.Logging;

namespace Vitrine.Work;

/// <summary>Gives every line that is logged while a job works, by whatever class, to that job too.</summary>
internal sealed class JobLog : ILoggerProvider
{
    private static readonly AsyncLocal<RunningJob?> s_current = new();

    /// <summary>From here on, down the calls and over the awaits, lines belong to this job.</summary>
    public static void Enter(RunningJob job) => s_current.Value = job;

    public ILogger CreateLogger(string categoryName) => new JobLogger();

    public void Dispose()
    {
        // nothing is held
    }

    private sealed class JobLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None && s_current.Value is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var text = formatter(state, exception);
            s_current.Value!.Log(logLevel, exception is null ? text : $"{text}: {exception.Message}");
        }
    }
}
