using Vitrine.Cli.Output;

namespace Vitrine.Cli.Commands;

/// <summary>Asks whether files that are gone in bulk are to be removed; where nobody can answer, says what to pass.</summary>
internal static class RemovalQuestion
{
    /// <returns>Whether they are to be removed.</returns>
    public static async Task<bool> AskAsync(string path, long missing, bool json, CancellationToken cancellationToken)
    {
        var what = $"{missing:N0} files of {TerminalText.OneLine(path)} are gone, more than half of the library";
        if (json || !Question.CanBeAsked)
        {
            await Console.Error.WriteLineAsync($"{what}: they stay in it. If they are meant to be gone, import again with --confirm-removal.");
            return false;
        }

        return await Question.AskAsync($"{what}. Remove them from it?", cancellationToken);
    }
}
