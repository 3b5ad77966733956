namespace Vitrine.Images.Metadata;

/// <summary>Lets through what a camera can have measured; anything else becomes null.</summary>
internal static class PlausibleValues
{
    private const double HighestMetres = 1_000_000;
    private const double LowestMetres = -12_000;
    private const int MaxKeywords = 1_000;
    private const int LongestKeyword = 500;
    private const int MostLetters = 50_000;

    /// <summary>Above zero and finite: exposure, aperture, focal length.</summary>
    public static double? Positive(double? value) => value is > 0 and < 1e7 ? value : null;

    public static int? Iso(double? value) => value is >= 1 and <= 10_000_000 ? (int)Math.Round(value.Value) : null;

    /// <summary>Both in range, else neither.</summary>
    public static (double? Latitude, double? Longitude) Position(double? latitude, double? longitude) =>
        latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180 ? (latitude, longitude) : (null, null);

    public static double? Altitude(double? metres) => metres is >= LowestMetres and <= HighestMetres ? metres : null;

    /// <summary>Stars, or -1 for rejected.</summary>
    public static int? Rating(double? stars) => stars is >= -1 and <= 5 ? (int)Math.Round(stars.Value) : null;

    /// <summary>Windows' rating in percent: 1, 25, 50, 75, 99 are one to five stars.</summary>
    public static int? RatingFromPercent(double? percent) => percent switch
    {
        0 => 0,
        >= 1 and <= 100 => Math.Min(5, 1 + (int)Math.Round(percent.Value / 25)),
        _ => null,
    };

    /// <summary>
    /// Tidied, without repetitions, in order; null when none is left. At most a thousand of 500 letters, and 50,000 letters in all: they come with
    /// every answer about the picture.
    /// </summary>
    public static IReadOnlyList<string>? Keywords(IEnumerable<string?> keywords)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var letters = 0;
        var kept = keywords.Select(MetadataText.Tidy).OfType<string>().Where(keyword => keyword.Length <= LongestKeyword && seen.Add(keyword))
            .Take(MaxKeywords).TakeWhile(keyword => (letters += keyword.Length) <= MostLetters).ToList();
        return kept.Count == 0 ? null : kept;
    }
}
