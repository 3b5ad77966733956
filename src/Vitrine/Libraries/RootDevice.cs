namespace Vitrine.Libraries;

/// <summary>What a folder lies on, as a text to compare: file system, source and device number of its mount.</summary>
/// <remarks>
/// Equal texts are the same device. Different ones may be too: numbers change when a disk is plugged in again, and with every
/// mount of a network share.
/// </remarks>
public static class RootDevice
{
    /// <param name="path">Absolute, links resolved.</param>
    /// <returns>Null where the system does not tell.</returns>
    public static string? OfOrNull(string path) => Of(MountPoint.OfOrNull(path));

    internal static string? OfOrNull(string path, string mounts) => Of(MountPoint.OfOrNull(path, mounts));

    private static string? Of(MountPoint? mount) => mount is null ? null : $"{mount.FileSystem} {mount.Source} {mount.Number}";
}
