using System.Text;
using Vitrine.Server.Logging;

namespace Vitrine.Cli.Output;

/// <summary>
/// What people see of a text that others may have written: names of files, libraries, tags and jobs. A terminal must not obey what is in them, so all that commands print
/// goes through here, and nobody has to think of it.
/// </summary>
internal sealed class TerminalWriter(TextWriter terminal) : TextWriter
{
    /// <summary>Standard output as it is, for JSON: its own form keeps control characters out, and programs get names letter by letter.</summary>
    public static TextWriter Document { get; private set; } = Console.Out;

    /// <summary>Standard error as it is, for lines and bars that are painted over: what is painted is cleaned by who paints it.</summary>
    public static TextWriter Canvas { get; private set; } = Console.Error;

    public override Encoding Encoding => terminal.Encoding;

    /// <summary>From here on, all that is written to standard output and standard error is cleaned.</summary>
    public static void Install()
    {
        (Document, Canvas) = (Console.Out, Console.Error);
        Console.SetOut(new TerminalWriter(Document));
        Console.SetError(new TerminalWriter(Canvas));
    }

    public override void Write(char value) => terminal.Write(ObeyedLetters.Mark(value));

    public override void Write(string? value) => terminal.Write(value is null ? null : ObeyedLetters.Mark(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void WriteLine() => terminal.WriteLine();

    public override void WriteLine(string? value) => terminal.WriteLine(value is null ? null : ObeyedLetters.Mark(value));

    public override void Flush() => terminal.Flush();
}
