using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Storage;

/// <summary>A folder that one process holds, whatever becomes of the files in it: the lock is the folder's own.</summary>
/// <remarks>Where the system cannot lock a folder (Windows, some network drives) nobody holds it and everybody may.</remarks>
internal static partial class FolderLock
{
    /// <summary>LOCK_SH, LOCK_EX, LOCK_NB.</summary>
    private const int Shared = 1, Exclusive = 2, AtOnce = 4;

    /// <summary>O_CLOEXEC, so that no child process holds it on: O_RDONLY is 0.</summary>
    private static int ReadOnly => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>EWOULDBLOCK.</summary>
    private static int HeldByOther => OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Holds the folder until the handle is disposed.</summary>
    /// <param name="folder">An existing one.</param>
    /// <param name="held">Null where a folder cannot be locked.</param>
    /// <returns>False when another process holds it.</returns>
    public static bool TryHold(string folder, out SafeFileHandle? held) => TryLock(folder, Exclusive, out held);

    /// <summary>Whether a process holds the folder now.</summary>
    public static bool IsHeld(string folder)
    {
        var isFree = TryLock(folder, Shared, out var looked);
        looked?.Dispose();
        return !isFree;
    }

    private static bool TryLock(string folder, int how, out SafeFileHandle? held)
    {
        held = null;
        if (OperatingSystem.IsWindows() || Open(folder, ReadOnly) is not (>= 0 and var descriptor))
            return true;
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Lock(descriptor, how | AtOnce) == 0)
        {
            held = handle;
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error != HeldByOther;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(int descriptor, int how);
}
