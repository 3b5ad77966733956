using Vitrine.Cli.Output;
using Vitrine.Server.Logging;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class TerminalWriterTests
{
    [Theory]
    [InlineData("plain ASCII", "plain ASCII")]
    [InlineData("Köln 🐢\ttab", "Köln 🐢\ttab")]
    [InlineData("red \u001b[31m", "red \uFFFD[31m")]
    [InlineData("title \u001b]0;x\u0007", "title \uFFFD]0;x\uFFFD")]
    [InlineData("C1 \u009b31m, back\rwards, DEL\u007f", "C1 \uFFFD31m, back\uFFFDwards, DEL\uFFFD")]
    [InlineData("gpj.\u202Eexe, \u2066isolated, \u2028line", "gpj.\uFFFDexe, \uFFFDisolated, \uFFFDline")]
    public void Write_AnyText_IsCleanedHoweverItIsWritten(string text, string expected)
    {
        using var terminal = new StringWriter { NewLine = "\n" };
        using var writer = new TerminalWriter(terminal);

        writer.Write(text);
        writer.WriteLine(text);
        writer.Write(text.AsSpan());
        writer.Write(text.ToCharArray());
        foreach (var letter in text)
            writer.Write(letter);
        writer.WriteLine();

        Assert.Equal($"{expected}{expected}\n{expected}{expected}{expected}\n", terminal.ToString());
        Assert.Equal(expected, ObeyedLetters.Mark(text));
    }

    [Fact]
    public void Install_OfBothStreams_CleansWhatIsWritten_AndLeavesWhatIsPainted()
    {
        var (output, errors) = (Console.Out, Console.Error);
        using var said = new StringWriter();
        using var complained = new StringWriter();
        try
        {
            Console.SetOut(said);
            Console.SetError(complained);
            TerminalWriter.Install();

            Console.Write("a\e");
            TerminalWriter.Document.Write("b\e");
            Console.Error.Write("c\e");
            TerminalWriter.Canvas.Write("d\e");

            Assert.Equal(("a\uFFFDb\e", "c\uFFFDd\e"), (said.ToString(), complained.ToString()));
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}
