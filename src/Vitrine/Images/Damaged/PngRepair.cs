using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Vitrine.Images.Damaged;

/// <summary>
/// A PNG that ends too early or has a hole: its pixels are inflated to see how far they go. libvips decodes that far where the chunk in which the file ends is
/// closed (else up to 8 KiB of what is there are lost, which is all of a small picture), but no interlaced picture: of that, the pixels are filled up with zeros and
/// packed again.
/// <code>
/// signature   8 bytes, then chunks: u32 length of the content, 4 letters, content, u32 CRC of letters and content
/// IHDR        u32 width, u32 height, u8 bits per sample, u8 colours (0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA), u8 0, u8 0, u8 interlaced
/// IDAT        all of them together are one zlib stream: rows of a filter's number and the packed samples, for each of seven passes if interlaced
/// </code>
/// Source: PNG specification, third edition, 5.3, 8.1, 11.2.
/// </summary>
internal static class PngRepair
{
    private const int SignatureLength = 8, ChunkFrame = 12, HeaderLength = 13, ZLibHeader = 2;

    public static RepairedPicture? RepairOrNull(PictureSource damaged, long rawLimit)
    {
        using var packed = new FileBuffer();
        using var kept = new FileBuffer();
        var hasHole = Sort(damaged.Content!.GetSpan(), kept, packed);
        var start = kept.GetSpan();
        if (start.Length < SignatureLength + ChunkFrame + HeaderLength || !start[(SignatureLength + 4)..].StartsWith("IHDR"u8) || packed.Length == 0)
            return null;
        var header = start.Slice(SignatureLength + 8, HeaderLength);
        var rawLength = RawLength(header);
        if (rawLength == 0 || rawLength > rawLimit)
            return null;
        // All pixels are there of a file without its end; and of one with a wrong sum of them, or of a row whose filter does not exist.
        var whole = PngStructure.HasNoEnd(damaged.Content.GetSpan()) ? RepairedPicture.OnlyItsEnd : RepairedPicture.SomeRows;
        if (header[^1] == 0 && !hasHole)
            return RepairedPicture.OrNull(damaged, Unpack(packed, Stream.Null, rawLength) / (double)rawLength, Close(kept, packed), whole);
        var (content, good) = Rebuild(kept, packed, rawLength);
        return RepairedPicture.OrNull(damaged, good / (double)rawLength, content, whole);
    }

    /// <summary>Takes the pixels out of a file, and what is sound of all that stands before them: what stands behind is not needed to show them.</summary>
    /// <returns>Whether the pixels end at a chunk that is spoilt: what its bytes would unpack to is noise.</returns>
    private static bool Sort(ReadOnlySpan<byte> file, FileBuffer kept, FileBuffer packed)
    {
        kept.Resize(file.Length);
        packed.Resize(file.Length);
        file[..SignatureLength].CopyTo(kept.GetSpan());
        var (keptLength, packedLength, hasHole) = (SignatureLength, 0, false);
        for (var at = SignatureLength; at + 8 <= file.Length;)
        {
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(file[at..]), file.Length - at - 8);
            var chunk = file[at..Math.Min(file.Length, at + ChunkFrame + length)];
            var isWhole = chunk.Length == ChunkFrame + length;
            if (chunk[4..8].SequenceEqual("IDAT"u8))
            {
                hasHole = isWhole && !IsSound(chunk[4..]);
                if (hasHole)
                    break;
                chunk.Slice(8, length).CopyTo(packed.GetSpan()[packedLength..]);
                packedLength += length;
            }
            else if (packedLength == 0 && isWhole && IsSound(chunk[4..]))
            {
                chunk.CopyTo(kept.GetSpan()[keptLength..]);
                keptLength += chunk.Length;
            }

            at += ChunkFrame + length;
        }

        kept.Truncate(keptLength);
        packed.Truncate(packedLength);
        return hasHole;
    }

    /// <returns>The file, its pixels as they are in one chunk.</returns>
    private static FileBuffer Close(FileBuffer kept, FileBuffer packed)
    {
        var content = new FileBuffer();
        content.Resize(kept.Length + packed.Length + (2 * ChunkFrame));
        kept.GetSpan().CopyTo(content.GetSpan());
        packed.GetSpan().CopyTo(content.GetSpan()[(kept.Length + 8)..]);
        var length = CloseChunk(content.GetSpan(), kept.Length, "IDAT"u8, packed.Length);
        CloseChunk(content.GetSpan(), length, "IEND"u8, 0);
        return content;
    }

    /// <returns>The file, and how many bytes of its pixels there were before the zeros.</returns>
    private static unsafe (FileBuffer Content, long Good) Rebuild(FileBuffer kept, FileBuffer packed, long rawLength)
    {
        var content = new FileBuffer();
        // Noise becomes longer: the quickest level has one code for all pixels, in which a byte takes nine bits at most.
        content.Resize(checked((int)(kept.Length + rawLength + (rawLength >> 3) + 1024)));
        kept.GetSpan().CopyTo(content.GetSpan());
        var (start, good) = (kept.Length + 8, 0L);
        using var to = new UnmanagedMemoryStream((byte*)content.Address + start, 0, content.Length - start, FileAccess.Write);
        using (var deflated = new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true))
        {
            good = Unpack(packed, deflated, rawLength);
            var zeros = new byte[64 << 10];
            for (var at = good; at < rawLength; at += zeros.Length)
                deflated.Write(zeros, 0, (int)Math.Min(zeros.Length, rawLength - at));
        }

        var length = CloseChunk(content.GetSpan(), kept.Length, "IDAT"u8, (int)to.Length);
        length = CloseChunk(content.GetSpan(), length, "IEND"u8, 0);
        content.Truncate(length);
        return (content, good);
    }

    /// <returns>How many bytes could be read.</returns>
    private static unsafe long Unpack(FileBuffer packed, Stream to, long rawLength)
    {
        using var from = new UnmanagedMemoryStream((byte*)packed.Address, packed.Length);
        // Without the two bytes before the pixels and the sum behind them: where that one is wrong, nothing else need be.
        from.Position = ZLibHeader;
        using var inflated = new DeflateStream(from, CompressionMode.Decompress);
        var piece = new byte[16 << 10]; // one in which there is an error is lost
        long good = 0;
        try
        {
            while (good < rawLength && inflated.Read(piece, 0, (int)Math.Min(piece.Length, rawLength - good)) is var got and > 0)
            {
                to.Write(piece, 0, got);
                good += got;
            }
        }
        catch (InvalidDataException)
        {
            // this far and no further
        }

        return good;
    }

    /// <summary>Puts length, letters and checksum around content that is there already.</summary>
    /// <returns>Where the next chunk begins.</returns>
    private static int CloseChunk(Span<byte> file, int at, ReadOnlySpan<byte> letters, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(file[at..], length);
        letters.CopyTo(file[(at + 4)..]);
        BinaryPrimitives.WriteUInt32BigEndian(file[(at + 8 + length)..], Crc32.HashToUInt32(file.Slice(at + 4, 4 + length)));
        return at + ChunkFrame + length;
    }

    private static bool IsSound(ReadOnlySpan<byte> nameContentAndSum) =>
        Crc32.HashToUInt32(nameContentAndSum[..^4]) == BinaryPrimitives.ReadUInt32BigEndian(nameContentAndSum[^4..]);

    /// <returns>Bytes of all rows with their filters' numbers; 0 for a header that says nothing sensible.</returns>
    private static long RawLength(ReadOnlySpan<byte> header)
    {
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]));
        var samples = header[9] switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            return 0;
        var bits = samples * header[8];
        if (header[12] == 0)
            return Rows(width, height);
        // Adam7: where each pass begins and how far its pixels are apart, across and down.
        (int X, int Y, int Across, int Down)[] passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        return passes.Sum(pass => Rows((width - pass.X + pass.Across - 1) / pass.Across, (height - pass.Y + pass.Down - 1) / pass.Down));

        long Rows(long across, long down) => across <= 0 || down <= 0 || bits == 0 ? 0 : down * (1 + (((across * bits) + 7) / 8));
    }
}
