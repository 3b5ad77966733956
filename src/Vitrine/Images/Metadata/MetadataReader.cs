namespace Vitrine.Images.Metadata;

/// <summary>Reads what a picture and its sidecar tell about the picture: docs/metadata.md says which tag fills which field.</summary>
public static class MetadataReader
{
    /// <summary>Joins sidecar, XMP, IPTC, EXIF and PNG text, the first of them strongest, field by field.</summary>
    /// <param name="file">The whole picture file, or its beginning; its format is told by its content.</param>
    /// <param name="sidecar">The whole XMP file beside it (<see cref="SidecarPaths"/>).</param>
    /// <returns>Null when nothing was found. A damaged part is left out, and the rest stands.</returns>
    /// <remarks>Thread-safe; never throws for what is in the bytes. Pixels are not touched: the time depends on the metadata, not on the picture.</remarks>
    public static PictureMetadata? Read(ReadOnlyMemory<byte> file, ReadOnlyMemory<byte>? sidecar)
    {
        var blocks = new MetadataBlocks();
        Find(file, blocks);
        // EXIF is read first because in TIFF and raw files it leads to XMP and IPTC; it is still the weaker source.
        var exif = blocks.Exif is { } block ? ExifFields.Read(block, blocks) : null;
        var sources = new List<SourceMetadata>();
        Add(sidecar is { } beside ? XmpFields.Read(beside) : null);
        foreach (var packet in blocks.Xmp)
            Add(XmpFields.Read(packet));
        Add(blocks.Iptc is { } datasets ? IptcFields.Read(datasets) : null);
        Add(exif);
        Add(blocks.Texts.Count > 0 ? PngTextFields.Read(blocks) : null);
        return MetadataPrecedence.Join(sources);

        void Add(SourceMetadata? source)
        {
            if (source is not null)
                sources.Add(source);
        }
    }

    private static void Find(ReadOnlyMemory<byte> file, MetadataBlocks into)
    {
        var start = file.Span[..Math.Min(file.Length, 16)];
        if (start is [0xFF, 0xD8, ..])
            JpegBlocks.Find(file, into);
        else if (start is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] && file.Length >= 8)
            PngBlocks.Find(file, into);
        else if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("WEBP"u8))
            RiffBlocks.Find(file, into);
        else if (start.StartsWith("GIF8"u8))
            GifBlocks.Find(file, into);
        else if (start.Length >= 12 && (start[4..].StartsWith("ftyp"u8) || start[4..].StartsWith("JXL "u8)))
            HeifBlocks.Find(file, into);
        else if (IsTiff(start))
            into.AddExif(file);
        else if (start.StartsWith("FUJIFILMCCD-RAW"u8))
            FindInRaf(file, into);
    }

    // Fujifilm's raw file has a JPEG in it that carries all of its metadata; at 84 is where it starts, at 88 how long it is.
    private static void FindInRaf(ReadOnlyMemory<byte> file, MetadataBlocks into)
    {
        var cursor = new BlockCursor(file);
        cursor.Take(84);
        var (at, length) = (cursor.U32(), cursor.U32());
        if (at < file.Length)
            JpegBlocks.Find(file.Slice((int)at, (int)Math.Min(length, file.Length - at)), into);
    }

    // TIFF (2A), and raw formats built on it: Olympus (RO, RS), Panasonic (55).
    private static bool IsTiff(ReadOnlySpan<byte> start) =>
        start is [(byte)'I', (byte)'I', 0x2A or 0x55, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2A, ..] or [(byte)'I', (byte)'I', (byte)'R', (byte)'O' or (byte)'S', ..];
}
