namespace Vitrine.Cli.Commands;

/// <summary>Asks the person at the terminal.</summary>
internal static class Question
{
    /// <summary>Whether somebody can be asked.</summary>
    public static bool CanBeAsked => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <returns>Whether the answer was yes; anything else, and the end of the input, is no.</returns>
    public static async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync($"{question} [y/N] ");
        return await Console.In.ReadLineAsync(cancellationToken) is { } answer && answer.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
