namespace Vitrine.Images.Metadata;

/// <summary>The parts of a picture file that hold metadata, as slices of the file, not yet read.</summary>
internal sealed class MetadataBlocks
{
    /// <summary>Larger XMP and IPTC blocks are not read: no program writes them, and reading one would hold up the pictures behind it.</summary>
    public const int MaxBytes = 8 << 20;

    private const int MaxPackets = 8;

    // All packets of a file together: XML made of nothing but attributes takes seconds for 8 MB.
    private int _xmpBytesLeft = MaxBytes;

    /// <summary>How much may still be inflated out of this file, so that many small bombs are no better than a large one.</summary>
    public long InflationLeft { get; set; } = 2 * MaxBytes;

    /// <summary>A TIFF structure, from its byte order mark.</summary>
    public ReadOnlyMemory<byte>? Exif { get; private set; }

    /// <summary>XMP packets, the strongest first.</summary>
    public List<ReadOnlyMemory<byte>> Xmp { get; } = [];

    /// <summary>IPTC-IIM datasets.</summary>
    public ReadOnlyMemory<byte>? Iptc { get; private set; }

    /// <summary>Keyword and text of PNG's text chunks.</summary>
    public List<(string Keyword, string Text)> Texts { get; } = [];

    /// <summary>The first block counts; some writers leave <c>Exif\0\0</c> in front of it where the container has no need for it.</summary>
    public void AddExif(ReadOnlyMemory<byte> block)
    {
        if (block.Span.StartsWith("Exif\0\0"u8))
            block = block[6..];
        if (Exif is null && block.Length >= 8)
            Exif = block;
    }

    public void AddXmp(ReadOnlyMemory<byte> packet)
    {
        if (packet.Length == 0 || packet.Length > _xmpBytesLeft || Xmp.Count == MaxPackets)
            return;
        _xmpBytesLeft -= packet.Length;
        Xmp.Add(packet);
    }

    public void AddIptc(ReadOnlyMemory<byte> datasets)
    {
        if (Iptc is null && datasets.Length is > 0 and <= MaxBytes)
            Iptc = datasets;
    }
}
