using System.Globalization;

namespace Vitrine.Images.Metadata;

/// <summary>Reads fields from an EXIF block. Tag numbers are those of EXIF 3.0 (CIPA DC-008) and of Windows' XP tags.</summary>
internal static class ExifFields
{
    public static SourceMetadata Read(ReadOnlyMemory<byte> block, MetadataBlocks blocks)
    {
        var tags = ExifTags.Read(block, blocks);
        var (latitude, longitude) = Position(tags);
        var fields = new PictureMetadata
        {
            CameraMake = tags.Text(0x010F),
            CameraModel = tags.Text(0x0110),
            Lens = Lens(tags),
            ExposureSeconds = PlausibleValues.Positive(tags.Number(0x829A) ?? FromShutterSpeed(tags.Number(0x9201))),
            FNumber = PlausibleValues.Positive(tags.Number(0x829D) ?? FromAperture(tags.Number(0x9202))),
            Iso = Iso(tags),
            FocalLengthMillimetres = PlausibleValues.Positive(tags.Number(0x920A)),
            Latitude = latitude,
            Longitude = longitude,
            AltitudeMetres = Altitude(tags),
            Title = MetadataText.DecodeUtf16(tags.Bytes(0x9C9B)),
            Description = CameraNames.Description(tags.Text(0x010E)) ?? CameraNames.Description(MetadataText.DecodeUtf16(tags.Bytes(0x9C9C)))
                ?? CameraNames.Description(UserComment(tags)),
            Keywords = PlausibleValues.Keywords(MetadataText.DecodeUtf16(tags.Bytes(0x9C9E))?.Split(';') ?? []),
            Rating = PlausibleValues.Rating(tags.Number(0x4746)) ?? PlausibleValues.RatingFromPercent(tags.Number(0x4749)),
            Creator = tags.Text(0x013B) ?? MetadataText.DecodeUtf16(tags.Bytes(0x9C9D)),
            Copyright = Copyright(tags),
        };
        return new(fields, Time(tags, 0x9003, 0x9291, 0x9011), Time(tags, 0x9004, 0x9292, 0x9012));
    }

    private static CaptureTime? Time(ExifTags tags, int time, int fraction, int offset)
    {
        if (tags.Text(time) is not { } text)
            return null;
        var digits = tags.Text(fraction);
        if (text.Length == 19 && digits is not null && digits.All(char.IsAsciiDigit))
            text += "." + digits;
        return CaptureTime.Parse(text + tags.Text(offset)) ?? CaptureTime.Parse(text);
    }

    // APEX: exposure in seconds is 2^-Tv, the f-number is 2^(Av/2) (EXIF 3.0, annex C).
    private static double? FromShutterSpeed(double? value) => value is { } tv ? Math.Pow(2, -tv) : null;

    private static double? FromAperture(double? value) => value is { } av ? Math.Pow(2, av / 2) : null;

    private static int? Iso(ExifTags tags)
    {
        var sensitivity = tags.Number(0x8827);
        // 65535 says that the value is too large for this tag and stands in one of the others.
        return PlausibleValues.Iso(sensitivity is null or 0 or 65535 ? tags.Number(0x8833) ?? tags.Number(0x8832) ?? sensitivity : sensitivity);
    }

    private static string? Lens(ExifTags tags)
    {
        if (CameraNames.Lens(tags.Text(0xA434)) is { } model)
            return model;
        if (tags.Numbers(0xA432) is not [> 0 and var shortest, > 0 and var longest, var widest, ..])
            return null;
        var range = shortest == longest ? Number(shortest) : $"{Number(shortest)}-{Number(longest)}";
        return widest > 0 ? $"{range} mm f/{Number(widest)}" : $"{range} mm";

        static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
    }

    private static (double? Latitude, double? Longitude) Position(ExifTags tags)
    {
        var south = tags.Text(ExifTags.Gps + 1);
        var west = tags.Text(ExifTags.Gps + 3);
        var latitude = Degrees(tags.Numbers(ExifTags.Gps + 2), south, 'S');
        var longitude = Degrees(tags.Numbers(ExifTags.Gps + 4), west, 'W');
        // Cameras without a fix write zeros and no hemisphere.
        if (latitude == 0 && longitude == 0 && (south is null || west is null))
            return (null, null);
        return PlausibleValues.Position(latitude, longitude);
    }

    private static double? Degrees(ReadOnlySpan<double> parts, string? hemisphere, char negative)
    {
        if (parts.IsEmpty)
            return null;
        // Minutes and seconds as 0/0 mean that the degrees have them in their fraction.
        var degrees = parts[0] + (Part(parts, 1) / 60) + (Part(parts, 2) / 3600);
        return hemisphere is [var letter, ..] && char.ToUpperInvariant(letter) == negative ? -degrees : degrees;

        static double Part(ReadOnlySpan<double> parts, int index) => index < parts.Length && !double.IsNaN(parts[index]) ? parts[index] : 0;
    }

    private static double? Altitude(ExifTags tags)
    {
        var below = tags.Number(ExifTags.Gps + 5) ?? (tags.Bytes(ExifTags.Gps + 5) is [var reference, ..] ? reference & 0xF : 0);
        var metres = tags.Number(ExifTags.Gps + 6);
        // 0 and 2 are above sea level or the ellipsoid, 1 and 3 below.
        return PlausibleValues.Altitude(below is 1 or 3 ? -metres : metres);
    }

    // UserComment:  8 bytes name the encoding ('ASCII', 'UNICODE' as UTF-16, 'JIS', zeros for none), then the text; ended by zeros or by spaces, as devices do
    private static string? UserComment(ExifTags tags)
    {
        var comment = tags.Bytes(0x9286);
        if (comment.Length <= 8)
            return null;
        var text = comment[8..];
        var code = System.Text.Encoding.ASCII.GetString(comment[..8]).TrimEnd('\0', ' ');
        if (code.Length == 0 || code.Equals("ASCII", StringComparison.OrdinalIgnoreCase))
            return MetadataText.DecodeTerminated(text);
        if (!code.Equals("UNICODE", StringComparison.OrdinalIgnoreCase))
            return null;
        if (text is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
            return MetadataText.DecodeUtf16(text[2..], bigEndian: text[0] == 0xFE);
        // The byte order should be that of the block, but many writers have their own: a Latin letter shows which.
        var bigEndian = text is [0, not 0, ..] || (tags.IsBigEndian && text is not [not 0, 0, ..]);
        return MetadataText.DecodeUtf16(text, bigEndian);
    }

    /// <summary>Photographer and editor, each ended by a zero byte.</summary>
    private static string? Copyright(ExifTags tags)
    {
        var bytes = tags.Bytes(0x8298);
        var end = bytes.IndexOf((byte)0);
        var photographer = MetadataText.DecodeTerminated(bytes);
        var editor = end < 0 ? null : MetadataText.DecodeTerminated(bytes[(end + 1)..]);
        return photographer is not null && editor is not null ? $"{photographer}; {editor}" : photographer ?? editor;
    }
}
