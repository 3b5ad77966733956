using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary>Asks before a whole home, or a folder of homes, becomes a library: what programs keep there comes with it.</summary>
internal static class HomeQuestion
{
    /// <param name="path">The folder, links resolved.</param>
    /// <returns>Whether to go on. Where nobody can be asked it is only said.</returns>
    public static async Task<bool> MayGoOnAsync(string path, bool json, CancellationToken cancellationToken)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length == 0 || !RealPath.IsInside(RealPath.Of(home), path))
            return true;
        var what = $"{path} is {(RealPath.Of(home) == path ? "your whole home" : "the folder of all homes")}: pictures that programs keep there become part of the library.";
        if (!json && Question.CanBeAsked)
            return await Question.AskAsync($"{what} Take it all in?", cancellationToken);
        await Console.Error.WriteLineAsync($"{what} 'vitrine forget' takes it out again.");
        return true;
    }
}
