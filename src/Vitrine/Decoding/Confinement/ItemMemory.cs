namespace Vitrine.Decoding.Confinement;

/// <summary>How much memory one file may take where nobody has said it.</summary>
internal static class ItemMemory
{
    /// <summary>Enough for progressive JPEGs and interlaced PNGs of the pixel limit's size.</summary>
    private const long Usual = 4L << 30;

    /// <summary>What a picture of some 100 megapixels may need, however small the machine is.</summary>
    private const long Least = 512L << 20;

    /// <summary>Those with the system's libvips and with ImageMagick, which may be at work beside the others.</summary>
    private const int OtherLibraries = 2;

    /// <summary>
    /// The usual limit, or less on a small machine: a quarter of its memory, and no more than all decoders together can have at the same time; but at least 512 MiB, which on
    /// a machine with little memory and many cores is more than that.
    /// </summary>
    /// <param name="machineBytes">Memory of the machine, or of the container.</param>
    /// <param name="processes">Decoders at work, without the two with other libraries.</param>
    public static long Share(long machineBytes, int processes) => Math.Clamp(machineBytes / Math.Max(4, processes + OtherLibraries), Least, Usual);
}
