namespace Vitrine.Images.Metadata;

/// <summary>Tidies what cameras call themselves, so that make and model read as one name: NIKON CORPORATION, NIKON D90 becomes NIKON, D90.</summary>
internal static class CameraNames
{
    private static readonly string[] s_companyWords =
        ["corporation", "corp.", "corp", "company", "co.,ltd.", "co.,ltd", "co.ltd.", "co.,", "co.", "ltd.", "ltd", "inc.", "inc", "gmbh", "ag", "imaging", "optical", "electric", "camera", "technologies"];

    // Written by default into the description by many cameras; nobody means it.
    private static readonly HashSet<string> s_placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "OLYMPUS DIGITAL CAMERA", "SONY DSC", "SAMSUNG", "SAMSUNG CAMERA PICTURES", "DCIM", "Default", "DIGITAL CAMERA", "MINOLTA DIGITAL CAMERA",
        "KONICA MINOLTA DIGITAL CAMERA", "Exif_JPEG_PICTURE", "Untitled", "SKYSTAR", "binary comment", "User comments", "ASCII", "charset=Ascii",
        "Created with GIMP", "Screenshot", "cof", "oppo", "vivo", "hdrpl", "dav", "rhdr", "edf",
    };

    /// <summary>The maker without the form of its company.</summary>
    public static string? Make(string? make)
    {
        if (OneLine(make) is not { } name)
            return null;
        var words = name.Split(' ');
        var kept = words.Length;
        while (kept > 1 && s_companyWords.Contains(words[kept - 1].ToLowerInvariant()))
            kept--;
        return string.Join(' ', words[..kept]).TrimEnd(',', ' ');
    }

    /// <summary>The model without its maker in front, unless nothing would be left.</summary>
    /// <param name="model">As the camera wrote it.</param>
    /// <param name="make">As <see cref="Make"/> gives it.</param>
    public static string? Model(string? model, string? make)
    {
        if (OneLine(model) is not { } name)
            return null;
        if (make is not null && name.Length > make.Length + 1 && name[make.Length] == ' ' && name.StartsWith(make, StringComparison.OrdinalIgnoreCase))
            return name[(make.Length + 1)..].TrimStart();
        return name;
    }

    /// <summary>A lens name, or null for what stands for an unknown one (<c>----</c>, <c>0.0 mm f/0.0</c>).</summary>
    public static string? Lens(string? lens) =>
        OneLine(lens) is { } name && name.AsSpan().ContainsAnyInRange('1', '9') | name.AsSpan().IndexOfAnyInRange('A', 'Z') >= 0 ? name : null;

    /// <summary>A description, or null for one that a camera or program writes into every picture.</summary>
    public static string? Description(string? description) => description is null || s_placeholders.Contains(description) ? null : description;

    private static string? OneLine(string? text) =>
        text is null ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } name ? name : null;
}
