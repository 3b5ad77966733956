using Microsoft.Win32.SafeHandles;

namespace Vitrine.Storage;

/// <summary>
/// Vitrine's own folder, held by one process at a time. The holder leaves its address in it, so that the command line finds it.
/// </summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>The file by which a data folder is known.</summary>
    internal const string Marker = ".vitrine";

    private readonly FileStream _lock;
    private readonly SafeFileHandle? _folder;

    private DataFolder(string path, FileStream held, SafeFileHandle? folder) => (FullPath, _lock, _folder) = (path, held, folder);

    /// <summary><c>$XDG_DATA_HOME/vitrine</c>, else <c>~/.local/share/vitrine</c>; null where there is neither that variable nor a home folder.</summary>
    public static string? DefaultOrNull
    {
        get
        {
            if (Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } given)
                return Path.Join(given, "vitrine");
            return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Join(home, ".local", "share", "vitrine") : null;
        }
    }

    /// <summary>Absolute.</summary>
    public string FullPath { get; }

    /// <summary>What was closed to other users of the machine when the folder was taken, as a sentence; null when nothing was open.</summary>
    public string? Closed { get; private init; }

    /// <summary>Makes the folder where it is missing, and holds it until disposed; the system lets go when the process dies.</summary>
    /// <remarks>
    /// Held twice: by its file <c>lock</c>, as every version does, and by itself, so that nobody takes it a second time because that file was deleted. What of it
    /// other users of the machine may read is closed to them.
    /// </remarks>
    /// <exception cref="DataFolderException">Another process holds it, or it cannot be written.</exception>
    public static DataFolder Hold(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw new DataFolderException(
                $"The data folder {path} cannot be made: {exception.Message} Check the folder it is to lie in, or give another one with --data.");
        }

        try
        {
            var held = new FileStream(Path.Join(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            SafeFileHandle? folder = null;
            try
            {
                if (!FolderLock.TryHold(path, out folder))
                    throw HeldByOther(path);
                File.Delete(AddressFile(path)); // of a holder that died
                Mark(path);
                return new DataFolder(path, held, folder) { Closed = OwnFiles.Close(path) };
            }
            catch
            {
                folder?.Dispose();
                held.Dispose();
                throw;
            }
        }
        catch (IOException exception) when (IsHeldByOther(exception))
        {
            throw HeldByOther(path);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw CannotBeWritten(path, exception);
        }
    }

    /// <summary>Whether the folder is a data folder, of whatever Vitrine: the pictures in it are thumbnails.</summary>
    public static bool IsOne(string path) => FileFacts.OfOrNull(path, Marker, followsLinks: false) is { Type: FileType.File };

    /// <summary>The data folder that a folder is or lies in, of whatever Vitrine; null for most.</summary>
    /// <param name="path">Absolute, links resolved; it need not be there.</param>
    public static string? AroundOrNull(string path)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (IsOne(folder))
                return folder;
        }

        return null;
    }

    /// <summary>Whether a process holds the folder now.</summary>
    /// <exception cref="IOException">Its lock cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">Its lock may not be looked at.</exception>
    public static bool IsHeld(string path)
    {
        try
        {
            using var shared = new FileStream(Path.Join(path, "lock"), FileMode.Open, FileAccess.Read, FileShare.Read);
            return FolderLock.IsHeld(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return FolderLock.IsHeld(path); // it may have been deleted
        }
        catch (IOException exception) when (IsHeldByOther(exception))
        {
            return true;
        }
    }

    /// <summary>The address that the process holding this folder serves; null where none does, even if one that died left its address.</summary>
    public static string? AddressOrNull(string path)
    {
        try
        {
            if (!IsHeld(path))
                return null;
            return File.ReadAllText(AddressFile(path)).Trim() is { Length: > 0 } address ? address : null;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return null;
        }
    }

    /// <summary>Tells others on this machine where this process serves.</summary>
    /// <exception cref="DataFolderException">The disk is full or cannot be written.</exception>
    public void PublishAddress(string address)
    {
        try
        {
            using var file = new StreamWriter(AddressFile(FullPath), OwnFiles.OptionsFor(AddressFile(FullPath), FileMode.Create));
            file.Write(address);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw CannotBeWritten(FullPath, exception);
        }
    }

    public void Dispose()
    {
        if (_lock.SafeFileHandle.IsClosed)
            return;
        File.Delete(AddressFile(FullPath));
        _folder?.Dispose();
        _lock.Dispose();
    }

    private static DataFolderException HeldByOther(string path)
    {
        var holder = AddressOrNull(path) is { } address ? $" It serves {address}." : "";
        return new DataFolderException($"Another Vitrine uses the data folder {path}.{holder} Stop it, or give another folder with --data.");
    }

    /// <summary>The system's word for a lock that somebody has: EWOULDBLOCK, on Windows ERROR_SHARING_VIOLATION.</summary>
    private static bool IsHeldByOther(IOException exception) =>
        exception.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11);

    /// <summary>What a start says that cannot write one of its files.</summary>
    public static DataFolderException CannotBeWritten(string path, Exception trouble) => new(
        $"The data folder {path} cannot be written: {DiskTrouble.Describe(trouble)} Check its permissions, its disk and the disk's free space, or give another one with --data.");

    /// <summary>Not by CACHEDIR.TAG: programs that keep backups would leave out the database, which nobody can make anew.</summary>
    private static void Mark(string path)
    {
        if (!IsOne(path))
            File.WriteAllText(Path.Join(path, Marker), "This folder is Vitrine's own. Where it lies in a library, a scan passes it over.\n");
    }

    private static string AddressFile(string path) => Path.Join(path, "address");
}
