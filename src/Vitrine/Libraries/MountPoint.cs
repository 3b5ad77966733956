using System.Collections.Frozen;
using System.Globalization;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>The mount that a folder lies on, as Linux tells of it.</summary>
/// <param name="FileSystem">Its kind, such as <c>ext4</c>.</param>
/// <param name="Source">What is mounted: a device, a share, or any word.</param>
/// <param name="Number">Of the device, as <c>major:minor</c>.</param>
public sealed record MountPoint(string FileSystem, string Source, string Number)
{
    private const string MountsFile = "/proc/self/mountinfo";

    /// <summary>File systems in which the kernel shows itself: their "files" are no pictures, and some never end.</summary>
    private static readonly FrozenSet<string> s_kernels =
    [
        "proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "securityfs", "debugfs", "tracefs", "configfs", "pstore", "bpf", "mqueue", "hugetlbfs", "binfmt_misc",
        "efivarfs", "fusectl", "rpc_pipefs", "nsfs", "selinuxfs", "fuse.lxcfs",
    ];

    /// <summary>File systems that other machines write to: the kernel tells of changes that this machine made, and of no others.</summary>
    private static readonly FrozenSet<string> s_network =
    [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "glusterfs", "lustre", "afs", "ncpfs", "vboxsf", "prl_fs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs",
        "fuse.gcsfuse", "fuse.glusterfs", "fuse.ceph-fuse", "fuse.davfs2", "davfs", "fuse.vmhgfs-fuse", "fuse.juicefs", "fuse.goofys",
    ];

    public bool IsKernels => s_kernels.Contains(FileSystem);

    public bool IsNetwork => s_network.Contains(FileSystem);

    /// <param name="path">Absolute, links resolved.</param>
    /// <returns>Null where the system does not tell.</returns>
    public static MountPoint? OfOrNull(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? OfOrNull(path, File.ReadAllText(MountsFile)) : null;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return null;
        }
    }

    /// <param name="mounts">
    /// As in proc(5): <c>36 35 98:0 /mnt1 /mnt/parent rw,noatime master:1 - ext3 /dev/root rw</c>: number, parent, device, the part of the file
    /// system, the place, options, any number of tags, a dash, type, source. Spaces in paths are written <c>\040</c>.
    /// </param>
    internal static MountPoint? OfOrNull(string path, string mounts)
    {
        var (longest, found) = (-1, (MountPoint?)null);
        foreach (var line in mounts.Split('\n'))
        {
            var parts = line.Split(' ');
            var dash = Array.IndexOf(parts, "-");
            if (dash < 6 || parts.Length < dash + 3)
                continue;
            var place = Unescape(parts[4]);
            // Of two mounts in one place the later one covers the other.
            if (place.Length < longest || !RealPath.IsInside(path, place))
                continue;
            (longest, found) = (place.Length, new MountPoint(parts[dash + 1], Unescape(parts[dash + 2]), parts[2]));
        }

        return found;
    }

    private static string Unescape(string text)
    {
        for (var at = text.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 3 < text.Length; at = text.IndexOf('\\', at + 1))
        {
            if (text.AsSpan(at + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
                text = string.Create(CultureInfo.InvariantCulture, $"{text[..at]}{(char)Convert.ToInt32(text.Substring(at + 1, 3), 8)}{text[(at + 4)..]}");
        }

        return text;
    }
}
