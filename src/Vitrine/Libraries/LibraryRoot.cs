using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>The folder of a library: checked when it is added, and the fence around every file that is served or read.</summary>
public static class LibraryRoot
{
    /// <summary>The root as it is stored: absolute, links resolved, no trailing slash.</summary>
    /// <param name="path">As a person gave it; <c>~</c> is their home.</param>
    /// <param name="dataFolder">Vitrine's own folder, which cannot be a library nor be inside of one's own files.</param>
    /// <exception cref="LibraryPathException">The folder does not exist, is a file, cannot be read, or is or lies in a data folder, this Vitrine's or another's.</exception>
    public static string Check(string path, string dataFolder)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new LibraryPathException("The path is empty. Give the folder that holds the pictures.");
        if (path.Contains('\0'))
            throw new LibraryPathException("The path contains a NUL character. Give the folder that holds the pictures.");
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            path = System.IO.Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[1..]);
        if (!System.IO.Path.IsPathFullyQualified(path))
            throw new LibraryPathException($"'{path}' is not an absolute path. Give the whole path, for example /home/me/Pictures.");
        if (File.Exists(path))
            throw new LibraryPathException($"'{path}' is a file. Give the folder it is in.");
        if (!Directory.Exists(path))
            throw new LibraryPathException($"'{path}' does not exist or may not be entered. Check the spelling, and that the drive is there.");
        var root = RealPath.Of(path);
        CheckOutsideData(path, root, dataFolder);
        if (root == "/")
            throw new LibraryPathException("'/' is the whole machine: programs, the system's own files, and every drive. Give the folder that holds the pictures.");
        if (RealPath.IsInside(root, "/dev") && !RealPath.IsInside(root, "/dev/shm")) // a container has an ordinary file system there
            throw new LibraryPathException($"'{path}' holds devices, and no pictures. Give another folder.");
        if (MountPoint.OfOrNull(root) is { IsKernels: true } mount)
            throw new LibraryPathException($"'{path}' shows the system itself ({mount.FileSystem}), and holds no pictures. Give another folder.");
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(root).GetEnumerator();
            entries.MoveNext();
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw new LibraryPathException($"'{path}' cannot be read: {exception.Message} Check the folder's permissions.");
        }

        return root;
    }

    /// <summary>Refuses a folder that is or lies in a data folder: what is there is Vitrine's own.</summary>
    /// <param name="path">As a person gave it.</param>
    /// <param name="real">The same, links resolved; it need not be there.</param>
    /// <param name="dataFolder">Of this Vitrine; it need not be there either.</param>
    /// <exception cref="LibraryPathException">It is or lies in one, this Vitrine's or another's.</exception>
    public static void CheckOutsideData(string path, string real, string dataFolder)
    {
        if (RealPath.IsInside(real, RealPath.Of(dataFolder)))
            throw new LibraryPathException($"'{path}' is inside the data folder '{dataFolder}', where Vitrine keeps its own files. Give another folder.");
        if (DataFolder.AroundOrNull(real) is { } other)
        {
            throw new LibraryPathException(
                $"'{path}' {(other == real ? "is" : $"is inside '{other}',")} the data folder of another Vitrine, which keeps thumbnails there and no pictures of yours. "
                + $"Give another folder. If no Vitrine keeps its data there any more, delete the file {System.IO.Path.Join(other, DataFolder.Marker)}.");
        }
    }

    /// <summary>Whether the folder is there and holds anything: an empty mount point is a drive that is away.</summary>
    public static bool IsPresent(string root)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(root).Any();
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return false;
        }
    }

    /// <summary>The file behind a relative path, links resolved; null when it is gone or lies outside the root.</summary>
    public static string? ResolveOrNull(string root, string relativePath)
    {
        var path = System.IO.Path.Join(root, relativePath);
        if (!File.Exists(path))
            return null;
        var real = RealPath.Of(path);
        return RealPath.IsInside(real, root) ? real : null;
    }
}
