using System.Globalization;

namespace Vitrine.Images.Metadata;

/// <summary>Reads fields from an XMP packet, in a file or beside it.</summary>
internal static class XmpFields
{
    public static SourceMetadata? Read(ReadOnlyMemory<byte> packet)
    {
        if (XmpPacket.Read(packet) is not { } xmp)
            return null;
        var (latitude, longitude) = PlausibleValues.Position(
            Degrees(xmp.Text("exif:GPSLatitude"), xmp.Text("exif:GPSLatitudeRef"), 'S'), Degrees(xmp.Text("exif:GPSLongitude"), xmp.Text("exif:GPSLongitudeRef"), 'W'));
        var fields = new PictureMetadata
        {
            CameraMake = xmp.Text("tiff:Make"),
            CameraModel = xmp.Text("tiff:Model"),
            Lens = CameraNames.Lens(xmp.Text("exifEX:LensModel")) ?? CameraNames.Lens(xmp.Text("aux:Lens")),
            ExposureSeconds = PlausibleValues.Positive(Number(xmp.Text("exif:ExposureTime"))),
            FNumber = PlausibleValues.Positive(Number(xmp.Text("exif:FNumber"))),
            Iso = PlausibleValues.Iso(Number(xmp.Text("exifEX:PhotographicSensitivity")) ?? Number(xmp.Text("exif:ISOSpeedRatings"))),
            FocalLengthMillimetres = PlausibleValues.Positive(Number(xmp.Text("exif:FocalLength"))),
            Latitude = latitude,
            Longitude = longitude,
            AltitudeMetres = PlausibleValues.Altitude(Altitude(xmp)),
            Title = xmp.Text("dc:title") ?? xmp.Text("photoshop:Headline"),
            Description = CameraNames.Description(xmp.Text("dc:description")),
            Keywords = Keywords(xmp),
            Rating = PlausibleValues.Rating(Number(xmp.Text("xmp:Rating"))) ?? PlausibleValues.RatingFromPercent(Number(xmp.Text("MicrosoftPhoto:Rating"))),
            Creator = Creator(xmp),
            Copyright = xmp.Text("dc:rights"),
        };
        var taken = CaptureTime.Parse(xmp.Text("exif:DateTimeOriginal")) ?? CaptureTime.Parse(xmp.Text("photoshop:DateCreated"));
        return new(fields, taken, CaptureTime.Parse(xmp.Text("exif:DateTimeDigitized")) ?? CaptureTime.Parse(xmp.Text("xmp:CreateDate")));
    }

    private static IReadOnlyList<string>? Keywords(XmpProperties xmp) =>
        PlausibleValues.Keywords(xmp.Texts("dc:subject"))
        ?? PlausibleValues.Keywords(xmp.Texts("digiKam:TagsList").Select(path => path[(path.LastIndexOf('/') + 1)..]))
        ?? PlausibleValues.Keywords(xmp.Texts("lr:hierarchicalSubject").Select(path => path[(path.LastIndexOf('|') + 1)..]));

    private static string? Creator(XmpProperties xmp)
    {
        var creators = string.Join("; ", xmp.Texts("dc:creator").Select(MetadataText.Tidy).OfType<string>().Distinct().Take(32));
        return creators.Length == 0 ? null : creators;
    }

    private static double? Altitude(XmpProperties xmp)
    {
        var metres = Number(xmp.Text("exif:GPSAltitude"));
        return xmp.Text("exif:GPSAltitudeRef") is "1" or "3" && metres > 0 ? -metres : metres;
    }

    /// <summary>A decimal number or a ratio (<c>28/10</c>).</summary>
    private static double? Number(string? text)
    {
        if (text is null)
            return null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return Parse(text);
        return Parse(text.AsSpan(0, slash)) / Parse(text.AsSpan(slash + 1)) is { } ratio && double.IsFinite(ratio) ? ratio : null;
    }

    // XMP part 2, GPSCoordinate:  43,28.0468N  or  43,28,2.81N;  some writers give decimal degrees with a sign, or without one and the hemisphere in a
    // property of its own, as EXIF has it.
    private static double? Degrees(string? text, string? hemisphere, char negative)
    {
        if (text is null)
            return null;
        var letter = char.ToUpperInvariant(text[^1]);
        var digits = char.IsAsciiLetter(letter) ? text[..^1] : text;
        var parts = digits.Split(',');
        if (parts.Length > 3 || Parse(parts[0]) is not { } degrees)
            return null;
        for (var i = 1; i < parts.Length; i++)
        {
            if (Parse(parts[i]) is not (>= 0 and < 60 and var part))
                return null;
            degrees += part / (i == 1 ? 60 : 3600);
        }
        if (!char.IsAsciiLetter(letter) && hemisphere is [var first, ..])
            letter = char.ToUpperInvariant(first);
        return letter == negative ? -Math.Abs(degrees) : degrees;
    }

    private static double? Parse(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
