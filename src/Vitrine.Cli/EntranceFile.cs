using System.Net;
using Vitrine.Storage;

namespace Vitrine.Cli;

/// <summary>
/// A page in the data folder that leads the browser of this machine in: the access token stands in a file that only its owner reads, and not in the line by which
/// the browser is started, which everybody on the machine sees. It goes with this object.
/// </summary>
internal sealed class EntranceFile : IDisposable
{
    private EntranceFile(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <param name="dataFolder">Held by this process.</param>
    /// <param name="link">Where the page leads, with the token.</param>
    /// <exception cref="DataFolderException">It cannot be written.</exception>
    public static EntranceFile Write(string dataFolder, string link)
    {
        var path = System.IO.Path.Join(dataFolder, OwnFiles.EntrancePage);
        try
        {
            File.Delete(path); // of a server that was killed
            using var writer = new StreamWriter(path, OwnFiles.OptionsFor(path, FileMode.CreateNew));
            writer.Write($"""<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={WebUtility.HtmlEncode(link)}"><title>Vitrine</title>""");
            return new EntranceFile(path);
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
            File.Delete(Path);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            // It says no more than the token's own file beside it.
        }
    }
}
