using System.Data.Common;
using System.Text.Json;
using Vitrine.Storage;

namespace Vitrine.Images;

/// <summary>The facts that only the viewer and searches need, one row per asset whose content was read.</summary>
public sealed class PictureDetailsStore(Database database)
{
    private const string WriteSql =
        """
        INSERT INTO asset_details (asset_id, md5, format, orientation, frames, perceptual_hash, captured_at, camera_make,
            camera_model, lens, exposure_seconds, f_number, iso, focal_length_millimetres, latitude, longitude, altitude_metres,
            title, description, keywords, rating, creator, copyright, warning, captured_offset)
        VALUES (@id, @md5, @format, @orientation, @frames, @hash, @captured, @make, @model, @lens, @exposure, @fNumber, @iso, @focal,
            @latitude, @longitude, @altitude, @title, @description, @keywords, @rating, @creator, @copyright, @warning, @offset)
        ON CONFLICT (asset_id) DO UPDATE SET md5 = excluded.md5, format = excluded.format, orientation = excluded.orientation,
            frames = excluded.frames, perceptual_hash = excluded.perceptual_hash, captured_at = excluded.captured_at,
            camera_make = excluded.camera_make, camera_model = excluded.camera_model, lens = excluded.lens, exposure_seconds =
            excluded.exposure_seconds, f_number = excluded.f_number, iso = excluded.iso, focal_length_millimetres =
            excluded.focal_length_millimetres, latitude = excluded.latitude, longitude = excluded.longitude, altitude_metres =
            excluded.altitude_metres, title = excluded.title, description = excluded.description, keywords = excluded.keywords,
            rating = excluded.rating, creator = excluded.creator, copyright = excluded.copyright, warning = excluded.warning,
            captured_offset = excluded.captured_offset
        """;

    /// <summary>Null until the content was read.</summary>
    public PictureDetails? FindOrNull(long assetId) => database.Read(connection => connection.QueryFirstOrDefault(
        """
        SELECT md5, format, orientation, frames, captured_at, camera_make, camera_model, lens, exposure_seconds, f_number, iso,
            focal_length_millimetres, latitude, longitude, altitude_metres, title, description, keywords, rating, creator, copyright, captured_offset
        FROM asset_details WHERE asset_id = @id
        """,
        row => new PictureDetails(row.GetFieldValue<byte[]>(0), row.StringOrNull(1), row.IntOrNull(2), row.IntOrNull(3), ReadMetadata(row)),
        ("@id", assetId)));

    /// <summary>Writes what was read from the content, over what an earlier reading left.</summary>
    /// <param name="warning">What is wrong with a picture that is shown all the same; null for most.</param>
    public static void Write(
        WriteTransaction transaction, long assetId, FileIdentity identity, PictureHeader? header, PictureMetadata? metadata, byte[]? perceptualHash, string? warning)
    {
        var keywords = metadata?.Keywords is { Count: > 0 } list ? JsonSerializer.Serialize(list, StringListJson.Readable.IReadOnlyListString) : null;
        transaction.Queue(
            WriteSql,
            ("@id", assetId), ("@md5", identity.Md5), ("@format", header?.Format),
            ("@orientation", header?.Orientation), ("@frames", header?.Frames), ("@hash", perceptualHash),
            ("@captured", metadata?.CapturedAt?.ToStored()), ("@make", metadata?.CameraMake), ("@model", metadata?.CameraModel),
            ("@lens", metadata?.Lens), ("@exposure", metadata?.ExposureSeconds), ("@fNumber", metadata?.FNumber),
            ("@iso", metadata?.Iso), ("@focal", metadata?.FocalLengthMillimetres), ("@latitude", metadata?.Latitude),
            ("@longitude", metadata?.Longitude), ("@altitude", metadata?.AltitudeMetres), ("@title", metadata?.Title),
            ("@description", metadata?.Description), ("@keywords", keywords), ("@rating", metadata?.Rating),
            ("@creator", metadata?.Creator), ("@copyright", metadata?.Copyright), ("@warning", warning),
            ("@offset", metadata?.CapturedAt?.OffsetMinutes));
    }

    private static PictureMetadata ReadMetadata(DbDataReader row) => new()
    {
        CapturedAt = row.WallTimeOrNull(4, 21),
        CameraMake = row.StringOrNull(5),
        CameraModel = row.StringOrNull(6),
        Lens = row.StringOrNull(7),
        ExposureSeconds = row.DoubleOrNull(8),
        FNumber = row.DoubleOrNull(9),
        Iso = row.IntOrNull(10),
        FocalLengthMillimetres = row.DoubleOrNull(11),
        Latitude = row.DoubleOrNull(12),
        Longitude = row.DoubleOrNull(13),
        AltitudeMetres = row.DoubleOrNull(14),
        Title = row.StringOrNull(15),
        Description = row.StringOrNull(16),
        Keywords = row.StringOrNull(17) is { } json ? JsonSerializer.Deserialize(json, StringListJson.Default.IReadOnlyListString) : null,
        Rating = row.IntOrNull(18),
        Creator = row.StringOrNull(19),
        Copyright = row.StringOrNull(20),
    };
}
