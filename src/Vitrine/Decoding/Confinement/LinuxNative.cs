using System.Runtime.InteropServices;

namespace Vitrine.Decoding.Confinement;

/// <summary>Functions of Linux' C library by which a thread or process gives up what it may do.</summary>
/// <remarks>The first two are variadic in C, which on Linux' 64-bit processors makes no difference to the caller.</remarks>
internal static unsafe partial class LinuxNative
{
    /// <summary>Calls the kernel where the C library has no function for it.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Call(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ControlProcess(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    /// <param name="identity">Version of the interface and thread; see capabilities(7).</param>
    /// <param name="sets">Two sets of 32 capabilities each.</param>
    [LibraryImport("libc", EntryPoint = "capget", SetLastError = true)]
    public static partial int GetCapabilities(ref CapabilityHeader identity, CapabilitySet* sets);

    /// <inheritdoc cref="GetCapabilities"/>
    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    public static partial int SetCapabilities(ref CapabilityHeader identity, CapabilitySet* sets);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetLimit(int resource, in ResourceLimit limit);

    /// <param name="action">1 ignores the signal.</param>
    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    public static partial nint SetSignalAction(int signal, nint action);

    /// <summary>No program that this thread, or one started by it, executes can have more rights than it, such as by a set-uid bit. Cannot be undone.</summary>
    public static bool TryForgoNewPrivileges()
    {
        const int SetNoNewPrivileges = 38;
        return ControlProcess(SetNoNewPrivileges, 1, 0, 0, 0) == 0;
    }
}

[StructLayout(LayoutKind.Sequential)]
internal struct CapabilityHeader
{
    public uint Version;
    public int Thread;
}

[StructLayout(LayoutKind.Sequential)]
internal struct CapabilitySet
{
    public uint Effective, Permitted, Inheritable;
}

/// <summary>Bytes or a number; <see cref="ulong.MaxValue"/> is no limit.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimit
{
    public ulong Soft, Hard;
}
