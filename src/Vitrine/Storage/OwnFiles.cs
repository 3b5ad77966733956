using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Vitrine.Storage;

/// <summary>Keeps what lies in a data folder from other users of the machine.</summary>
/// <remarks>
/// The set-group-id bit on the folder (<c>chmod g+s</c>) says that a group shares it on purpose: then the group keeps its rights, and only
/// everybody else loses theirs.
/// </remarks>
internal static partial class OwnFiles
{
    private const UnixFileMode
        Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute,
        Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The page by which <c>serve --open</c> tells the browser the access token.</summary>
    public const string EntrancePage = "open-in-browser.html";

    /// <summary>The access token, until it has its name.</summary>
    public const string TokenBeginning = ".access-token-";

    /// <summary>Entries of a data folder; what a file system or a backup program leaves in any folder does not count as foreign.</summary>
    private static readonly string[] s_names = ["lock", "address", "access-token", "tmp", "thumbnails", "previews", EntrancePage, DataFolder.Marker, "CACHEDIR.TAG", "lost+found"];

    /// <summary>How others begin: the database with its journals and what was kept of it, and what has a number behind it.</summary>
    private static readonly string[] s_beginnings = [DatabaseFile.Name, DatabaseRestore.TemporaryName, ".doctor-", TokenBeginning];

    /// <summary>
    /// Takes from others the rights to the files of a data folder, and to the folder where it holds nothing else: what a person keeps in the same
    /// place is not closed with it.
    /// </summary>
    /// <returns>What was changed, as a sentence; null when nothing had to be, or it belongs to another user.</returns>
    public static string? Close(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows() || FileFacts.OfOrNull(folder) is not { } facts || !FileFacts.TellsFilesApart || facts.Owner != EffectiveUser())
                return null;
            var mode = File.GetUnixFileMode(folder);
            var closed = mode.HasFlag(UnixFileMode.SetGroup) ? Others : Group | Others;
            var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos().ToList();
            var foreign = entries.Find(entry => !IsOwn(entry.Name));
            var files = entries.Count(entry => IsOwn(entry.Name) && TryClose(entry, closed));
            if ((mode & closed) == 0 || foreign is not null)
                return files == 0 || (mode & closed) == 0
                    ? null
                    : $"Vitrine's files in the data folder {folder} were open to other users of this machine and were closed to them. The folder itself was left as it is, because it holds other things, such as {foreign!.Name}.";
            File.SetUnixFileMode(folder, mode & ~closed);
            return $"The data folder {folder} was open to other users of this machine: it was closed to them, with its files.";
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return null; // a file system without permissions, or one that is read-only, which what follows tells of
        }
    }

    /// <summary>Makes an empty file that others may not read, where none is: who opens it to write it afterwards keeps its mode.</summary>
    public static void Prepare(string file)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && !File.Exists(file))
                new FileStream(file, OptionsFor(file, FileMode.CreateNew)).Dispose();
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            // who opens it next meets the same and says what it is for
        }
    }

    /// <summary>Makes a folder into which others may not look, where none is; one that is there stays as it is.</summary>
    public static void PrepareFolder(string folder)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && !Directory.Exists(folder))
                Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute | (IsOfGroup(Path.GetDirectoryName(folder)) ? Group : UnixFileMode.None));
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            // who writes into it next meets the same and says what it is for
        }
    }

    /// <summary>For writing a file anew that others may not read.</summary>
    public static FileStreamOptions OptionsFor(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = IsOfGroup(Path.GetDirectoryName(file)) ? Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite : Owner;
        return options;
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOfGroup(string? folder) => Directory.Exists(folder) && File.GetUnixFileMode(folder).HasFlag(UnixFileMode.SetGroup);

    private static bool IsOwn(string name) => s_names.Contains(name) || Array.Exists(s_beginnings, own => name.StartsWith(own, StringComparison.Ordinal));

    /// <returns>Whether it was open.</returns>
    private static bool TryClose(FileSystemInfo entry, UnixFileMode closed)
    {
        if (OperatingSystem.IsWindows() || entry.LinkTarget is not null || (entry.UnixFileMode & closed) == 0)
            return false;
        try
        {
            File.SetUnixFileMode(entry.FullName, entry.UnixFileMode & ~closed);
            return true;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return false; // of another user's
        }
    }

    /// <summary>The user whose rights this process has.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
