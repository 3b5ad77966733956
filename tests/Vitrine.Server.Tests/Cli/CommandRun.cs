using Vitrine.Cli;

namespace Vitrine.Server.Tests.Cli;

/// <summary>The command line inside this process, for what needs no signal, terminal or environment of its own: a tenth of the time of a process.</summary>
internal static class CommandRun
{
    /// <summary>Runs a command to its end. Tests of this assembly run one after the other, so that nobody else writes meanwhile.</summary>
    public static async Task<CliResult> RunAsync(params string[] arguments)
    {
        var (output, errors) = (Console.Out, Console.Error);
        await using var said = new StringWriter();
        await using var complained = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(said));
        Console.SetError(TextWriter.Synchronized(complained));
        try
        {
            var exitCode = await CommandLine.RunAsync(arguments);
            return new CliResult(exitCode, said.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}
