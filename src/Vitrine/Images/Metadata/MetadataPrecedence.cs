using Vitrine.Storage;

namespace Vitrine.Images.Metadata;

/// <summary>Joins the sources of one picture, field by field.</summary>
internal static class MetadataPrecedence
{
    private static readonly PictureMetadata s_nothing = new();

    /// <summary>The fields of the first source that has them; null when no source has any.</summary>
    /// <param name="sources">The strongest first.</param>
    public static PictureMetadata? Join(IReadOnlyList<SourceMetadata> sources)
    {
        var joined = sources.Aggregate(s_nothing, (stronger, source) => Fill(stronger, source.Fields));
        var make = CameraNames.Make(joined.CameraMake);
        joined = joined with
        {
            CapturedAt = CapturedAt(sources),
            CameraMake = make,
            CameraModel = CameraNames.Model(joined.CameraModel, make),
            Lens = CameraNames.Lens(joined.Lens),
        };
        return joined == s_nothing ? null : joined;
    }

    private static PictureMetadata Fill(PictureMetadata stronger, PictureMetadata weaker) => stronger with
    {
        CameraMake = stronger.CameraMake ?? weaker.CameraMake,
        CameraModel = stronger.CameraModel ?? weaker.CameraModel,
        Lens = stronger.Lens ?? weaker.Lens,
        ExposureSeconds = stronger.ExposureSeconds ?? weaker.ExposureSeconds,
        FNumber = stronger.FNumber ?? weaker.FNumber,
        Iso = stronger.Iso ?? weaker.Iso,
        FocalLengthMillimetres = stronger.FocalLengthMillimetres ?? weaker.FocalLengthMillimetres,
        // A position is a pair: half of one source and half of another is a place nobody was.
        Latitude = stronger.Latitude is null ? weaker.Latitude : stronger.Latitude,
        Longitude = stronger.Latitude is null ? weaker.Longitude : stronger.Longitude,
        AltitudeMetres = stronger.AltitudeMetres ?? weaker.AltitudeMetres,
        Title = stronger.Title ?? weaker.Title,
        Description = stronger.Description ?? weaker.Description,
        Keywords = stronger.Keywords ?? weaker.Keywords,
        Rating = stronger.Rating ?? weaker.Rating,
        Creator = stronger.Creator ?? weaker.Creator,
        Copyright = stronger.Copyright ?? weaker.Copyright,
    };

    private static WallTime? CapturedAt(IReadOnlyList<SourceMetadata> sources)
    {
        var times = sources.Select(source => source.Taken).Concat(sources.Select(source => source.Digitised)).OfType<CaptureTime>().ToList();
        if (times.Count == 0)
            return null;
        return times.Skip(1).Aggregate(times[0], (time, other) => time.RefinedBy(other)).ToWallTime();
    }
}
