using Vitrine.Cli.Output;
using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary>Asks before a whole home, a folder of homes or a whole drive becomes a library: what programs keep there comes with it.</summary>
internal static class HomeQuestion
{
    /// <param name="path">The folder, links resolved.</param>
    /// <param name="isKnown">Whether it is a library already: then nothing is asked.</param>
    /// <param name="json">Whether standard output is a document, and so nobody is there to answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether to go on. Where nobody can be asked it is only said.</returns>
    public static async Task<bool> MayGoOnAsync(string path, Func<Task<bool>> isKnown, bool json, CancellationToken cancellationToken)
    {
        if (WholeOrNull(path) is not { } whole || await isKnown())
            return true;
        var what = $"{TerminalText.OneLine(path)} is {whole} part of the library.";
        if (!json && Question.CanBeAsked)
            return await Question.AskAsync($"{what} Take it all in?", cancellationToken);
        await Console.Error.WriteLineAsync($"{what} 'vitrine forget' takes it out again.");
        return true;
    }

    private static string? WholeOrNull(string path)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length > 0 && RealPath.IsInside(RealPath.Of(home), path))
            return $"{(RealPath.Of(home) == path ? "your whole home" : "the folder of all homes")}: pictures that programs keep there become";
        // Where a drive begins: the folder above lies on another one.
        return Path.GetDirectoryName(path) is { } above && MountPoint.OfOrNull(path) is { } mount && MountPoint.OfOrNull(above) is { } around && mount != around
            ? "a whole drive: every picture on it becomes"
            : null;
    }
}
