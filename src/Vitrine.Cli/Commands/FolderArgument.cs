using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Cli.Commands;

/// <summary>A folder that a person named.</summary>
internal static class FolderArgument
{
    /// <summary>Absolute, links resolved.</summary>
    /// <exception cref="CommandException">It cannot be a library: not there, a file, not readable, or in the data folder.</exception>
    public static string Check(string given, string dataFolder)
    {
        if (given.StartsWith('~') && Environment.GetFolderPath(Environment.SpecialFolder.UserProfile).Length == 0)
            throw CommandException.Usage($"'{given}' is in the home folder, and there is none. Give the whole path of the folder.");
        try
        {
            return LibraryRoot.Check(Absolute(given), dataFolder);
        }
        catch (LibraryPathException exception)
        {
            throw CommandException.Usage(exception.Message);
        }
    }

    /// <summary>Of a folder to write into, which need not be there yet: absolute.</summary>
    /// <exception cref="CommandException">It is or lies in a data folder of Vitrine.</exception>
    public static string CheckNew(string given, string dataFolder)
    {
        var path = Absolute(given);
        try
        {
            LibraryRoot.CheckOutsideData(path, RealPath.Of(path), dataFolder);
            return path;
        }
        catch (LibraryPathException exception)
        {
            throw CommandException.Usage(exception.Message);
        }
    }

    /// <summary>Relative to where the person is; <c>~</c> is left to who reads it.</summary>
    public static string Absolute(string given) => given.Length == 0 || given == "~" || given.StartsWith("~/", StringComparison.Ordinal) ? given : Path.GetFullPath(given);
}
