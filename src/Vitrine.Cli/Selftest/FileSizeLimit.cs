using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Vitrine.Cli.Selftest;

/// <summary>How large files may become that a running process writes: what a full disk is to it (prlimit(2), Linux).</summary>
internal static class FileSizeLimit
{
    private const int Resource = 1; // RLIMIT_FSIZE

    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <param name="process">Its id.</param>
    /// <param name="bytes">Null for no limit.</param>
    /// <returns>False where the process is gone.</returns>
    /// <exception cref="Win32Exception">It may not be limited.</exception>
    public static bool TrySet(int process, ulong? bytes)
    {
        const int NoSuchProcess = 3;
        if (ReadLimit(process, Resource, 0, out var limit) == 0)
        {
            limit.Soft = Math.Min(bytes ?? ulong.MaxValue, limit.Hard);
            if (WriteLimit(process, Resource, ref limit, 0) == 0)
                return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error);
    }

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadLimit(int process, int resource, nint none, out Limit old);

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int WriteLimit(int process, int resource, ref Limit limit, nint none);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft, Hard;
    }
}
