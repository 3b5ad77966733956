using System.Text;

namespace Vitrine.Cli.Output;

/// <summary>
/// What people see of a text that others may have written: names of files, libraries, tags and jobs. A terminal must not obey what is in them, so all that commands print
/// goes through here, and nobody has to think of it.
/// </summary>
internal sealed class TerminalWriter(TextWriter terminal) : TextWriter
{
    /// <summary>Standard output as it is, for JSON: its own form keeps control characters out, and programs get names letter by letter.</summary>
    public static TextWriter Document { get; private set; } = Console.Out;

    public override Encoding Encoding => terminal.Encoding;

    /// <summary>From here on, all that is written to standard output is cleaned.</summary>
    public static void Install()
    {
        Document = Console.Out;
        Console.SetOut(new TerminalWriter(Document));
    }

    /// <summary>The text with a mark in the place of each control character but line breaks and tabs, and of each that turns the direction of writing or breaks a line unseen.</summary>
    public static string Clean(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 || !text.Any(IsObeyed)
        ? text
        : string.Create(text.Length, text, static (letters, from) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = IsObeyed(from[i]) ? '\uFFFD' : from[i];
        });

    public override void Write(char value) => terminal.Write(IsObeyed(value) ? '\uFFFD' : value);

    public override void Write(string? value) => terminal.Write(value is null ? null : Clean(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void WriteLine() => terminal.WriteLine();

    public override void WriteLine(string? value) => terminal.WriteLine(value is null ? null : Clean(value));

    public override void Flush() => terminal.Flush();

    private static bool IsObeyed(char letter) => (char.IsControl(letter) && letter is not ('\n' or '\t'))
        || letter is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
