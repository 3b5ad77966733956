using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Vitrine.Storage;

namespace Vitrine.Server.Logging;

/// <summary>
/// A log event as one line: this machine's time, how grave it is, and what happened. A disk, a database or a network that fails is told by its own words;
/// any other exception is a mistake in the program, and its stack follows the line.
/// </summary>
/// <param name="time">Whose local time is written.</param>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "vitrine";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write($"{time.GetLocalNow():yyyy-MM-dd HH:mm:ss} {Word(logEntry.LogLevel)}{OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception))}");
        if (logEntry.Exception is { } foreseen && IsForeseen(foreseen))
            textWriter.Write($": {OneLine(DiskTrouble.Describe(foreseen))}");
        textWriter.Write('\n');
        if (logEntry.Exception is { } exception && !IsForeseen(exception))
            textWriter.Write($"{ObeyedLetters.Mark(exception.ToString().ReplaceLineEndings("\n"))}\n");
    }

    /// <summary>Nothing for what is only news.</summary>
    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Information => "",
        LogLevel.Critical => "error: ",
        _ => $"{level.ToString().ToLowerInvariant()}: ",
    };

    private static bool IsForeseen(Exception exception) =>
        exception is DatabaseUnavailableException or DataFolderException or SocketException or OperationCanceledException || DiskTrouble.Is(exception);

    /// <summary>A file's name may hold line breaks and what a terminal obeys.</summary>
    private static string OneLine(string text) => ObeyedLetters.Mark(text.Replace('\n', ' ').Replace('\r', ' ')).Replace('\t', '\uFFFD');
}
