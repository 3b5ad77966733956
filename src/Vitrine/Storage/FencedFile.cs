using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Storage;

/// <summary>
/// Opens files in folders where others may exchange a file for a link, or for a pipe, at any moment: what is looked at is what is read.
/// </summary>
public static partial class FencedFile
{
    /// <summary>A handle that only names the file: opening it so neither waits for a pipe's other end nor touches a device.</summary>
    private const int OnlyName = 0x200000, CloseOnExec = 0x80000;

    private const int NotThere = 2, NoPermission = 13, NoFolder = 20;

    /// <summary>Opens a regular file for reading; links are followed.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="fence">The folder that must hold the file at the end of all links, itself without links; null for any place.</param>
    /// <exception cref="FenceException">It is a named pipe, a socket, a device or a folder, or it lies outside the fence.</exception>
    /// <exception cref="IOException">The file is not there or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static SafeFileHandle Open(string path, string? fence, FileOptions options = FileOptions.None)
    {
        if (!OperatingSystem.IsLinux())
        {
            if (fence is not null && !RealPath.IsInside(RealPath.Of(path), fence))
                throw Outside();
            return OpenRegular(path, options);
        }

        var descriptor = OpenName(path, OnlyName | CloseOnExec);
        if (descriptor < 0)
            throw Trouble(path, Marshal.GetLastPInvokeError());
        using var name = new SafeFileHandle(descriptor, ownsHandle: true);
        // The system's own name for what the handle holds, whatever the path leads to by now.
        var held = $"/proc/self/fd/{descriptor}";
        if (FileFacts.Of(name).Type != FileType.File)
            throw NoFile();
        if (fence is not null && !RealPath.IsInside(new FileInfo(held).LinkTarget ?? "", fence))
            throw Outside();
        try
        {
            return OpenShared(held, options);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw Trouble(path, exception is UnauthorizedAccessException ? NoPermission : exception.HResult); // by the name that people know
        }
    }

    /// <summary>Opens what is only known by its name: a pipe or a device shows by having no length.</summary>
    private static SafeFileHandle OpenRegular(string path, FileOptions options)
    {
        SafeFileHandle? file = null;
        try
        {
            file = OpenShared(path, options);
            _ = RandomAccess.GetLength(file);
            return file;
        }
        catch (NotSupportedException)
        {
            file?.Dispose();
            throw NoFile();
        }
    }

    private static SafeFileHandle OpenShared(string path, FileOptions options) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);

    private static FenceException NoFile() => new("it is no regular file but a folder, a named pipe, a socket or a device, which is never opened.", leadsOut: false);

    private static FenceException Outside() => new("it leads out of the library's folder. Add the folder it leads to as a library of its own.", leadsOut: true);

    private static Exception Trouble(string path, int error) => error switch
    {
        NotThere => new FileNotFoundException($"There is no file '{path}'.", path),
        NoFolder => new DirectoryNotFoundException($"A part of the path '{path}' is no folder."),
        NoPermission => new UnauthorizedAccessException($"'{path}' may not be read."),
        _ => new IOException($"'{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.", error),
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenName(string path, int flags);
}
