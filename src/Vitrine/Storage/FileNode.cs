using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Vitrine.Storage;

/// <summary>Which file a path leads to: the same path at two times leads to the same file when both are equal.</summary>
/// <param name="Device">The file system it lies on.</param>
/// <param name="Number">Its inode there.</param>
/// <param name="Owner">The user id it belongs to.</param>
internal readonly partial record struct FileNode(ulong Device, ulong Number, uint Owner)
{
    private const int CurrentFolder = -100, NotThere = 2, NotAFolder = 20;

    /// <summary>STATX_BASIC_STATS, and the length of struct statx, which is the same on every processor.</summary>
    private const int BasicFacts = 0x7FF, FactsBytes = 256;

    /// <summary>Whether the system tells; where it does not, nothing is found.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>The user whose rights this process has.</summary>
    public static uint CurrentUser => EffectiveUser();

    /// <summary>Null when nothing is there, or the system does not tell.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static FileNode? OfOrNull(string path)
    {
        if (!IsSupported)
            return null;
        Span<byte> facts = stackalloc byte[FactsBytes];
        if (Look(CurrentFolder, path, 0, BasicFacts, ref MemoryMarshal.GetReference(facts)) == 0)
        {
            // Little-endian, as every system is that .NET runs on: owner at 20, inode at 32, major and minor number of the device at 136 and 140.
            return new FileNode(
                ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(facts[136..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(facts[140..]),
                BinaryPrimitives.ReadUInt64LittleEndian(facts[32..]),
                BinaryPrimitives.ReadUInt32LittleEndian(facts[20..]));
        }

        var error = Marshal.GetLastPInvokeError();
        return error is NotThere or NotAFolder ? null : throw new IOException($"{path} cannot be looked at: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Look(int folder, string path, int flags, uint wanted, ref byte facts);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
