using System.Text;
using Spectre.Console;

namespace Vitrine.Cli.Output;

/// <summary>Standard error for bars and lines that are painted over: past the writer that takes control characters out, which painting needs.</summary>
internal sealed class TerminalCanvas : IAnsiConsoleOutput
{
    private const int UsualWidth = 80, UsualHeight = 24;

    public TextWriter Writer => TerminalWriter.Canvas;

    public bool IsTerminal => !Console.IsErrorRedirected;

    public int Width => Known(() => Console.BufferWidth, UsualWidth);

    public int Height => Known(() => Console.WindowHeight, UsualHeight);

    public static IAnsiConsole Open() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new TerminalCanvas() });

    public void SetEncoding(Encoding encoding) => Console.OutputEncoding = encoding;

    /// <summary>Some terminals do not tell their size, or tell 0.</summary>
    private static int Known(Func<int> read, int usual)
    {
        try
        {
            return read() is var told and > 0 ? told : usual;
        }
        catch (IOException)
        {
            return usual;
        }
    }
}
