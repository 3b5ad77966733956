namespace Vitrine.Cli.Samples;

/// <summary>Invented metadata, the kind that cameras and people write.</summary>
/// <param name="Keywords">Go into a sidecar, with the title and the rating.</param>
/// <param name="Rating">0 to 5.</param>
internal sealed record SampleFacts(
    DateTime TakenAt,
    string Make,
    string Model,
    string Lens,
    string Exposure,
    string FNumber,
    int Iso,
    int FocalLength,
    double Latitude,
    double Longitude,
    string Title,
    IReadOnlyList<string> Keywords,
    int Rating)
{
    private static readonly (string Make, string Model, string Lens)[] s_cameras =
    [
        ("Aurelia", "A7 Mark II", "Aurelia 35mm F1.8"), ("Aurelia", "A7 Mark II", "Aurelia 85mm F1.4"), ("Kestrel", "K-1", "Kestrel 24-70mm F2.8"), ("Lumen", "Pocket 5", "Lumen 26mm"),
    ];

    private static readonly string[] s_exposures = ["1/30", "1/60", "1/125", "1/250", "1/500", "2/1"];

    private static readonly (double Latitude, double Longitude)[] s_places = [(43.47, 11.88), (46.54, 8.13), (64.15, -21.94), (35.36, 138.73), (-33.86, 151.21), (40.71, -74.01)];

    /// <summary>Facts that fit together, for one picture of a series.</summary>
    public static SampleFacts Invent(Random random, string title, IReadOnlyList<string> keywords)
    {
        var (make, model, lens) = s_cameras[random.Next(s_cameras.Length)];
        var (latitude, longitude) = s_places[random.Next(s_places.Length)];
        return new SampleFacts(
            new DateTime(2019, 1, 1, 6, 0, 0, DateTimeKind.Utc).AddMinutes(random.Next(6 * 365 * 24 * 60)),
            make,
            model,
            lens,
            s_exposures[random.Next(s_exposures.Length)],
            $"{random.Next(14, 110)}/10",
            100 << random.Next(6),
            random.Next(24, 200),
            latitude + (random.NextDouble() * 0.2),
            longitude + (random.NextDouble() * 0.2),
            title,
            keywords,
            random.Next(0, 6));
    }
}
