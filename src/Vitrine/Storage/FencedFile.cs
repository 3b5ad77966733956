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

    private const int NotThere = 2, Interrupted = 4, NoPermission = 13, NoFolder = 20;

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

        using var name = Open(path, OnlyName | CloseOnExec);
        // The system's own name for what the handle holds, whatever the path leads to by now.
        var held = $"/proc/self/fd/{name.DangerousGetHandle()}";
        if (FileFacts.Of(name).Type != FileType.File)
            throw NoFile();
        if (fence is not null && !LiesIn(name, fence))
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

    /// <summary>As the system opens it, with its own flags.</summary>
    /// <inheritdoc cref="Open(string, string, FileOptions)" path="/exception"/>
    internal static SafeFileHandle Open(string path, int flags)
    {
        int descriptor;
        do
            descriptor = OpenName(path, flags);
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted); // on network drives and FUSE
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Trouble(path, Marshal.GetLastPInvokeError());
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

    /// <summary>
    /// Whether what a handle holds lies in the folder, by the system's own name for it. Where that name has another beginning, since a file system takes upper
    /// and lower case for the same or a folder is mounted twice, the folders above it tell by what they are.
    /// </summary>
    internal static bool LiesIn(SafeFileHandle handle, string fence)
    {
        var place = new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget ?? "";
        if (RealPath.IsInside(place, fence))
            return true;
        if (FileFacts.OfOrNull(fence)?.Node is not { } wanted)
            return false;
        for (var above = place; above is not null; above = Path.GetDirectoryName(above))
        {
            if (FileFacts.OfOrNull(above, followsLinks: false)?.Node == wanted)
                return true;
        }

        return false;
    }

    internal static FenceException Outside() => new("it leads out of the library's folder. Add the folder it leads to as a library of its own.", leadsOut: true);

    private static Exception Trouble(string path, int error) => error switch
    {
        NotThere => new FileNotFoundException($"'{path}' is not there.", path),
        NoFolder => new DirectoryNotFoundException($"A part of the path '{path}' is no folder."),
        NoPermission => new UnauthorizedAccessException($"'{path}' may not be read."),
        _ => new IOException($"'{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.", error),
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenName(string path, int flags);
}
