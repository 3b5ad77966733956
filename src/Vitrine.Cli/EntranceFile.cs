using System.Net;
using Vitrine.Storage;

namespace Vitrine.Cli;

/// <summary>
/// A page in the data folder that leads the browser of this machine in: the access token stands in a file that only its owner reads, and not in the line by which
/// the browser is started, which everybody on the machine sees. It goes with this object, which the server has.
/// </summary>
internal sealed class EntranceFile : IDisposable
{
    private readonly string _path;

    private EntranceFile(string path) => _path = path;

    /// <summary>That of a server, whoever writes it; it need not be there.</summary>
    /// <param name="dataFolder">The server's.</param>
    public static EntranceFile Of(string dataFolder) => new(PathIn(dataFolder));

    /// <param name="dataFolder">The server's.</param>
    /// <param name="link">Where the page leads, with the token.</param>
    /// <returns>Its absolute path.</returns>
    /// <exception cref="DataFolderException">It cannot be written.</exception>
    public static string Write(string dataFolder, string link)
    {
        var path = PathIn(dataFolder);
        try
        {
            File.Delete(path); // of an earlier opening, or of a server that was killed
            using var writer = new StreamWriter(path, OwnFiles.OptionsFor(path, FileMode.CreateNew));
            writer.Write($"""<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={WebUtility.HtmlEncode(link)}"><title>Vitrine</title>""");
            return path;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw DataFolder.CannotBeWritten(dataFolder, exception);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            // It says no more than the token's own file beside it.
        }
    }

    private static string PathIn(string dataFolder) => Path.Join(dataFolder, OwnFiles.EntrancePage);
}
