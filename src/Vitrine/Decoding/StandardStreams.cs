using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Decoding;

/// <summary>Keeps standard output for the protocol.</summary>
internal static partial class StandardStreams
{
    private const int Output = 1, Error = 2;

    /// <summary>
    /// The stream behind standard output, under a new number; what is printed to standard output from now on goes to standard error.
    /// </summary>
    public static Stream TakeOutput()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        var own = Duplicate(Output);
        if (own < 0 || DuplicateTo(Error, Output) < 0)
            throw new IOException($"Standard output cannot be duplicated (error {Marshal.GetLastPInvokeError()}).");
        return new FileStream(new SafeFileHandle(own, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(int from, int to);
}
