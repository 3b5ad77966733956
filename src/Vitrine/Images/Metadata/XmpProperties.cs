using System.Collections.Frozen;

namespace Vitrine.Images.Metadata;

/// <summary>One value of a property; arrays have several.</summary>
/// <param name="Language">Of a language alternative: <c>x-default</c>, <c>de-DE</c>.</param>
/// <param name="Text">As written, white space included.</param>
internal readonly record struct XmpValue(string? Language, string Text);

/// <summary>The wanted properties of an XMP packet, by their name with the prefix of the XMP specification (<c>dc:title</c>).</summary>
internal sealed class XmpProperties
{
    private static readonly FrozenDictionary<string, string> s_prefixes = new Dictionary<string, string>
    {
        ["http://purl.org/dc/elements/1.1/"] = "dc:",
        ["http://ns.adobe.com/xap/1.0/"] = "xmp:",
        ["http://ns.adobe.com/exif/1.0/"] = "exif:",
        ["http://cipa.jp/exif/1.0/"] = "exifEX:",
        ["http://ns.adobe.com/exif/1.0/aux/"] = "aux:",
        ["http://ns.adobe.com/tiff/1.0/"] = "tiff:",
        ["http://ns.adobe.com/photoshop/1.0/"] = "photoshop:",
        ["http://ns.microsoft.com/photo/1.0/"] = "MicrosoftPhoto:",
        ["http://ns.microsoft.com/photo/1.0"] = "MicrosoftPhoto:",
        ["http://www.digikam.org/ns/1.0/"] = "digiKam:",
        ["http://ns.adobe.com/lightroom/1.0/"] = "lr:",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> s_wanted = new[]
    {
        "dc:title", "dc:description", "dc:subject", "dc:creator", "dc:rights", "xmp:Rating", "xmp:CreateDate", "exif:DateTimeOriginal",
        "exif:DateTimeDigitized", "exif:ExposureTime", "exif:FNumber", "exif:ISOSpeedRatings", "exif:FocalLength", "exif:GPSLatitude",
        "exif:GPSLongitude", "exif:GPSLatitudeRef", "exif:GPSLongitudeRef", "exif:GPSAltitude", "exif:GPSAltitudeRef", "exifEX:PhotographicSensitivity", "exifEX:LensModel", "aux:Lens",
        "tiff:Make", "tiff:Model", "photoshop:DateCreated", "photoshop:Headline", "MicrosoftPhoto:Rating", "digiKam:TagsList",
        "lr:hierarchicalSubject",
    }.ToFrozenSet();

    private readonly Dictionary<string, List<XmpValue>> _values = [];

    /// <summary>Null for a property that no field needs.</summary>
    public static string? NameOf(string namespaceUri, string localName) =>
        s_prefixes.TryGetValue(namespaceUri, out var prefix) && s_wanted.TryGetValue(prefix + localName, out var name) ? name : null;

    /// <summary>What a prefix means by the XMP specification and by its owners' documentation; null for one that no field needs.</summary>
    public static string? NamespaceOrNull(string prefix) => s_prefixes.FirstOrDefault(known => known.Value == $"{prefix}:").Key;

    /// <summary>The first mention of a property counts.</summary>
    public void Add(string name, List<XmpValue> values)
    {
        if (values.Count > 0)
            _values.TryAdd(name, values);
    }

    /// <summary>The value in the default language, else the first; null where the property is absent or blank.</summary>
    public string? Text(string name)
    {
        if (!_values.TryGetValue(name, out var values))
            return null;
        var index = Math.Max(0, values.FindIndex(value => value.Language == "x-default"));
        return MetadataText.Tidy(values[index].Text);
    }

    /// <summary>In the order of the packet.</summary>
    public IEnumerable<string> Texts(string name) => _values.TryGetValue(name, out var values) ? values.Select(value => value.Text) : [];
}
