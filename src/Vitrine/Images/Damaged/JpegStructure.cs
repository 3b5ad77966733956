namespace Vitrine.Images.Damaged;

/// <summary>The segments of a JPEG up to its pixels, and its end. Layout: <see cref="JpegRepair"/>.</summary>
internal static class JpegStructure
{
    public static StructureFault? FaultOrNull(ReadOnlySpan<byte> file)
    {
        var (hasFrame, at) = (false, 2);
        while (at + 4 <= file.Length)
        {
            if (file[at] != 0xFF)
                return StructureFault.Wrong("what stands between two segments of the JPEG is no segment");
            if (file[at + 1] == 0xFF)
            {
                at++;
                continue;
            }

            var marker = file[at + 1];
            var length = (file[at + 2] << 8) | file[at + 3];
            if (length < 2)
                return StructureFault.Wrong($"the segment {marker:X2} of the JPEG has an impossible length");
            if (at + 2 + length > file.Length)
                return StructureFault.Cut($"the segment {marker:X2} of the JPEG");
            hasFrame |= marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (marker == 0xDA)
            {
                return !hasFrame ? StructureFault.Wrong("the JPEG does not say how large the picture is")
                    : file[at..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) < 0 ? StructureFault.Cut("the pixels of the JPEG") : null;
            }

            at += 2 + length;
        }

        return StructureFault.Cut("the header of the JPEG");
    }
}
