using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Storage;

/// <summary>What the system tells of a file that is not opened.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedAt">Of the content, as it is stored. Programs can set it to whatever they like.</param>
/// <param name="ChangedAt">
/// Of content, name or rights, as it is stored. No program can set it: an edit that keeps size and time shows here. The same as
/// <paramref name="ModifiedAt"/> on systems other than Linux.
/// </param>
/// <param name="Node">Device and inode: the same for the same file, whatever its name; zeros on systems other than Linux.</param>
/// <param name="Owner">The id of the user it belongs to; 0 on systems other than Linux.</param>
public readonly partial record struct FileFacts(FileType Type, long Size, long ModifiedAt, long ChangedAt, (ulong Device, ulong Inode) Node, uint Owner)
{
    private const int NotThere = 2, NotAFolder = 20;

    private const int CurrentFolder = -100, OfHandle = 0x1000, NoFollow = 0x100;

    /// <summary>Type, owner, size, times, inode: <c>STATX_BASIC_STATS</c>.</summary>
    private const uint Basics = 0x7ff;

    /// <summary><c>PATH_MAX</c>: the system takes no longer path.</summary>
    private const int LongestPath = 4096;

    /// <summary>Whether the system tells which file is which (<see cref="Node"/>).</summary>
    public static bool TellsFilesApart => OperatingSystem.IsLinux();

    /// <summary>One system call.</summary>
    /// <param name="followsLinks">Whether a link's target is told of instead of the link.</param>
    /// <returns>Null for a file that is not there, or that may not be looked at.</returns>
    public static FileFacts? OfOrNull(ReadOnlySpan<char> path, bool followsLinks = true) => OfOrNull(path, [], followsLinks);

    /// <summary>As <see cref="OfOrNull(ReadOnlySpan{char}, bool)"/>, of a name in a folder: nothing is allocated.</summary>
    public static unsafe FileFacts? OfOrNull(ReadOnlySpan<char> folder, ReadOnlySpan<char> name, bool followsLinks)
    {
        if (!OperatingSystem.IsLinux())
            return OfPortableOrNull(name.Length == 0 ? folder.ToString() : Path.Join(folder, name), followsLinks);
        var path = stackalloc byte[LongestPath + 1];
        var room = new Span<byte>(path, LongestPath);
        if (!Encoding.UTF8.TryGetBytes(folder, room, out var length))
            return null;
        if (name.Length > 0 && length > 0 && path[length - 1] != '/' && length < LongestPath)
            path[length++] = (byte)'/';
        if (!Encoding.UTF8.TryGetBytes(name, room[length..], out var nameLength))
            return null;
        path[length + nameLength] = 0;
        return StatX(CurrentFolder, path, followsLinks ? 0 : NoFollow, Basics, out var status) == 0 ? status.Facts : null;
    }

    /// <summary>As <see cref="OfOrNull(ReadOnlySpan{char}, ReadOnlySpan{char}, bool)"/>, of a name in a folder that is open. Linux only.</summary>
    internal static unsafe FileFacts? OfOrNull(int folder, ReadOnlySpan<char> name, bool followsLinks)
    {
        var path = stackalloc byte[LongestPath + 1];
        if (!Encoding.UTF8.TryGetBytes(name, new Span<byte>(path, LongestPath), out var length))
            return null;
        path[length] = 0;
        return StatX(folder, path, followsLinks ? 0 : NoFollow, Basics, out var status) == 0 ? status.Facts : null;
    }

    /// <summary>As <see cref="OfOrNull(ReadOnlySpan{char}, bool)"/>, for those who must know a file that is not there from one that cannot be looked at.</summary>
    /// <returns>Null for a file that is not there.</returns>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static FileFacts? FindOrNull(string path)
    {
        if (OfOrNull(path) is { } found)
            return found;
        var error = OperatingSystem.IsLinux() ? Marshal.GetLastPInvokeError() : NotThere;
        return error is NotThere or NotAFolder ? null : throw new IOException($"{path} cannot be looked at: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    /// <summary>Of a file that is open.</summary>
    /// <exception cref="IOException">The system does not tell.</exception>
    public static unsafe FileFacts Of(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            var modified = StoredTime.ToStored(File.GetLastWriteTimeUtc(handle));
            return new FileFacts(FileType.File, RandomAccess.GetLength(handle), modified, modified, default, 0);
        }

        byte none = 0;
        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            if (StatX((int)handle.DangerousGetHandle(), &none, OfHandle, Basics, out var status) == 0)
                return status.Facts;
            var error = Marshal.GetLastPInvokeError();
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }

    private static FileFacts? OfPortableOrNull(string path, bool followsLinks)
    {
        FileSystemInfo file = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!file.Exists)
            return null;
        if (followsLinks && file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target)
            file = target;
        var type = file.LinkTarget is not null ? FileType.Link : file is DirectoryInfo ? FileType.Folder : FileType.File;
        var modified = StoredTime.ToStored(file.LastWriteTimeUtc);
        return new FileFacts(type, (file as FileInfo)?.Length ?? 0, modified, modified, default, 0);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static unsafe partial int StatX(int folder, byte* path, int flags, uint mask, out Status status);

    /// <summary><c>struct statx</c> (statx(2)), the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        private const int TypeMask = 0xF000, Regular = 0x8000, Directory = 0x4000, Symbolic = 0xA000;

        [FieldOffset(20)]
        private readonly uint _owner;

        [FieldOffset(28)]
        private readonly ushort _mode;

        [FieldOffset(32)]
        private readonly ulong _inode;

        [FieldOffset(40)]
        private readonly ulong _size;

        [FieldOffset(96)]
        private readonly long _changedSeconds;

        [FieldOffset(104)]
        private readonly uint _changedNanoseconds;

        [FieldOffset(112)]
        private readonly long _modifiedSeconds;

        [FieldOffset(120)]
        private readonly uint _modifiedNanoseconds;

        [FieldOffset(136)]
        private readonly uint _deviceMajor;

        [FieldOffset(140)]
        private readonly uint _deviceMinor;

        public readonly FileFacts Facts => new(
            (_mode & TypeMask) switch { Regular => FileType.File, Directory => FileType.Folder, Symbolic => FileType.Link, _ => FileType.Special },
            (long)_size,
            StoredTime.FromUnix(_modifiedSeconds, _modifiedNanoseconds),
            StoredTime.FromUnix(_changedSeconds, _changedNanoseconds),
            (((ulong)_deviceMajor << 32) | _deviceMinor, _inode),
            _owner);
    }
}
