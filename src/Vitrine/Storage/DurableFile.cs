using System.Runtime.InteropServices;

namespace Vitrine.Storage;

/// <summary>What must be on the disk before the next step counts on it.</summary>
internal static partial class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>Waits until what was written to a file is on the disk.</summary>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    public static void Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Waits until names that changed in a folder are on the disk: without it a power cut may undo a rename.</summary>
    /// <remarks>Where the system cannot do it (Windows, some network drives) nothing happens: the rename itself is still whole.</remarks>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            return;
        _ = Synchronize(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
