using System.Runtime.InteropServices;

namespace Vitrine.Tests.Indexing;

/// <summary>
/// While it lives, files are opened by this thread as by a user without rights: root may read everything, whatever the permissions say.
/// Only for code that stays on the thread. Without root it changes nothing, and permissions hold anyway. Linux.
/// </summary>
internal sealed class OtherUser : IDisposable
{
    private const uint Nobody = 65534;

    private readonly int _before = SetFileSystemUser(Nobody);

    public void Dispose() => _ = SetFileSystemUser((uint)_before);

    /// <summary>Per thread; answers the one before. Also takes the right of root to pass over permissions.</summary>
    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFileSystemUser(uint user);
}
