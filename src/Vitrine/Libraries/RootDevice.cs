using System.Globalization;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>What a folder lies on, as a text to compare: file system, source and device number of its mount.</summary>
/// <remarks>
/// Equal texts are the same device. Different ones may be too: numbers change when a disk is plugged in again, and with every
/// mount of a network share.
/// </remarks>
public static class RootDevice
{
    private const string MountsFile = "/proc/self/mountinfo";

    /// <param name="path">Absolute, links resolved.</param>
    /// <returns>Null where the system does not tell.</returns>
    public static string? OfOrNull(string path)
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
    internal static string? OfOrNull(string path, string mounts)
    {
        var (longest, found) = (-1, (string?)null);
        foreach (var line in mounts.Split('\n'))
        {
            var parts = line.Split(' ');
            var dash = Array.IndexOf(parts, "-");
            if (dash < 6 || parts.Length < dash + 3)
                continue;
            var place = Unescape(parts[4]);
            // Of two mounts in one place the later one covers the other.
            if (place.Length < longest || !LibraryRoot.IsInside(path, place))
                continue;
            (longest, found) = (place.Length, $"{parts[dash + 1]} {Unescape(parts[dash + 2])} {parts[2]}");
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
