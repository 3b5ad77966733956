namespace Vitrine.Decoding.Confinement;

/// <summary>Limits that the kernel holds a Linux process to, whatever runs in it.</summary>
/// <remarks>Processes are not limited by RLIMIT_NPROC, which counts the threads of everything that the same user runs; <see cref="SystemCallFilter"/> refuses them.</remarks>
internal static class ResourceLimits
{
    private const int FileSize = 1, Data = 2, CoreFile = 4, OpenFiles = 7;
    private const int MostOpenFiles = 256;
    private const int FileSizeSignal = 25, Ignore = 1;

    /// <summary>Limits this process for good.</summary>
    /// <param name="fileMemory">Bytes that it may have for a file, besides what it has now.</param>
    public static void Apply(long fileMemory)
    {
        // The signal, which would end the process, is left to the error that comes with it.
        _ = LinuxNative.SetSignalAction(FileSizeSignal, Ignore);
        Lower(FileSize, 0);
        Lower(CoreFile, 0);
        Lower(OpenFiles, MostOpenFiles);
        // Private writable memory. The whole address space (RLIMIT_AS) is no measure of use: the runtime reserves gigabytes that it never touches.
        if (ProcessStatus.KibibytesOrNull("VmData") is { } now)
            Lower(Data, (ulong)(now << 10) + (ulong)fileMemory);
    }

    /// <summary>Bytes of private writable memory that this process may have; null for no limit.</summary>
    public static long? MemoryOrNull() => LinuxNative.GetLimit(Data, out var limit) == 0 && limit.Soft <= long.MaxValue ? (long)limit.Soft : null;

    /// <summary>Whether this process can make no file longer than nothing.</summary>
    public static bool HasNoFileSize() => LinuxNative.GetLimit(FileSize, out var limit) == 0 && limit.Hard == 0;

    private static void Lower(int resource, ulong value)
    {
        if (LinuxNative.GetLimit(resource, out var limit) != 0)
            return;
        value = Math.Min(value, limit.Hard);
        _ = LinuxNative.SetLimit(resource, new ResourceLimit { Soft = value, Hard = value });
    }
}
