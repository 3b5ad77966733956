using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Decoding.Confinement;

/// <summary>
/// Linux' Landlock (5.13 and later): takes from a thread, and from all that it starts afterwards, the right to change anything in any file system, to use TCP,
/// to reach abstract sockets and to signal processes outside. What is not Landlock's (other sockets, permissions of files) is <see cref="SystemCallFilter"/>'s.
/// </summary>
/// <remarks>
/// A process under it can also look into no process outside: the environment and the memory of the server stay closed, though both are the same user's.
/// Reading is not restricted: the files of libraries are anywhere.
/// </remarks>
internal static unsafe class Landlock
{
    private const int CreateRuleset = 444, RestrictSelf = 446;
    private const nint AskVersion = 1, AskErrata = 2;

    // Rights of linux/landlock.h. All that write, make or remove; the last three came with versions 2, 3 and 5.
    private const ulong WriteFile = 1 << 1, RemoveAndMake = 0b1_1111_1111 << 4, MoveBetweenFolders = 1 << 13, Truncate = 1 << 14, ControlDevices = 1 << 15;
    private const ulong BindAndConnectTcp = 0b11;
    private const ulong AbstractSockets = 1, Signals = 2;

    /// <summary>Version of the kernel's Landlock; 0 where it has none, or it is switched off, or a container does not let it be used.</summary>
    public static int Version => OperatingSystem.IsLinux() ? Math.Max(0, (int)LinuxNative.Call(CreateRuleset, 0, 0, AskVersion)) : 0;

    /// <summary>
    /// Whether it keeps a restricted thread from signalling other processes. It must then still be able to signal the other threads of its own process, which Linux
    /// 6.12 forgot at first (erratum 2): the runtime stops threads by signals, and ends the process when it cannot.
    /// </summary>
    public static bool ScopesSignals => Version >= 6 && LinuxNative.Call(CreateRuleset, 0, 0, AskErrata) is var errata and > 0 && (errata & 2) != 0;

    /// <summary>Restricts the calling thread for good. It must have forgone new privileges before.</summary>
    /// <returns>False where there is no Landlock.</returns>
    public static bool TryRestrictThread()
    {
        var version = Version;
        if (version == 0)
            return false;
        // No rule follows that allows anything: all rights named here are taken.
        var rights = new Rights
        {
            Files = WriteFile | RemoveAndMake | (version >= 2 ? MoveBetweenFolders : 0) | (version >= 3 ? Truncate : 0) | (version >= 5 ? ControlDevices : 0),
            Network = version >= 4 ? BindAndConnectTcp : 0,
            Scopes = version < 6 ? 0 : ScopesSignals ? AbstractSockets | Signals : AbstractSockets,
        };
        var created = LinuxNative.Call(CreateRuleset, (nint)(&rights), sizeof(Rights), 0);
        if (created < 0)
            return false;
        using var ruleset = new SafeFileHandle(created, ownsHandle: true);
        return LinuxNative.Call(RestrictSelf, created, 0, 0) == 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Rights
    {
        public ulong Files, Network, Scopes;
    }
}
