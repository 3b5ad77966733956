using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>
/// What a sidecar looks like to the system, as <c>assets.sidecar_at</c> keeps it: time and size in the upper half, when anything about it changed in the lower.
/// Another number for another content, also after an edit that put the time back. Other rights or another name give another number, too, and have the picture
/// read once more for nothing.
/// </summary>
internal static class SidecarStamp
{
    /// <summary>Positive: 0 stands for no sidecar, -1 (written by upgrades) for one that has to be read again.</summary>
    public static long Of(FileFacts sidecar) => ((long)Half(unchecked((sidecar.ModifiedAt * 31) + sidecar.Size)) << 32) | (uint)(Half(sidecar.ChangedAt) | 1);

    /// <summary>Whether a sidecar that moved along with its picture, which changes the lower half, is most likely the same.</summary>
    public static bool MovedAlong(long before, long now) => before >> 32 == now >> 32;

    /// <summary>31 bits. Numbers that lie close to each other come to lie far apart (D. Knuth, The Art of Computer Programming 3, 6.4: Fibonacci hashing).</summary>
    private static int Half(long value) => (int)(unchecked((ulong)value * 0x9E3779B97F4A7C15) >> 33);
}
