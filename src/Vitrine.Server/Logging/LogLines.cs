using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Vitrine.Server.Logging;

/// <summary>How servers and workers log: lines on standard error, since standard output is for answers.</summary>
public static class LogLines
{
    public static ILoggingBuilder AddLines(this ILoggingBuilder logging)
    {
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = LineFormatter.FormatterName;
        });
        logging.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ConsoleFormatter, LineFormatter>(_ => new LineFormatter(TimeProvider.System)));
        return logging;
    }
}
