namespace Vitrine.Cli.Commands;

/// <summary>Asks the person at the terminal.</summary>
internal static class Question
{
    /// <summary>Whether somebody can be asked.</summary>
    public static bool CanBeAsked => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <returns>Whether the answer was yes; anything else, and the end of the input, is no.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled before there was an answer.</exception>
    public static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync($"{question} [y/N] ");
        try
        {
            // On a thread of its own, since standard input is read synchronously, whatever its methods are called: Ctrl+C would wait for the answer.
            var answer = await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            return answer?.Trim().ToLowerInvariant() is "y" or "yes";
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(); // the question's line ends here
            throw;
        }
    }
}
