using System.Text.Json;
using Vitrine.Images;

namespace Vitrine.Decoding;

/// <summary>
/// Payloads of requests and answers. Text and bytes carry an i32 length, -1 for null.
/// <code>
/// Inspect         text path, text? sidecar, text? root, u8 kind, i32 squash side, i32 long side, i32 quality, i32 effort
/// Render          text path, text? root, bytes? SHA-256, i32 long side, i32 quality, i32 effort
/// Pixels          i32 side, i32 count, count × text path
/// every answer    i64 resident bytes of the decoder, then:
/// InspectAnswer   u8 set (1 identity, 2 header, 4 metadata, 8 thumbnail, 16 warning, 32 failure), then each part that is set
///   identity      bytes SHA-256, bytes MD5, i64 size
///   header        text format, i32 width, i32 height, i32 orientation, i32 frames
///   metadata      bytes JSON of PictureMetadata
///   thumbnail     bytes WebP, i32 width, i32 height, i32 colour, bytes hash, bytes? RGB
///   warning       text
///   failure       u8 set (1 transient, 2 doubtful), text reason
/// RenderAnswer    bytes? WebP, and without it a failure
/// PixelsAnswer    i32 count, count × (bytes? RGB, and without it a failure)
/// </code>
/// </summary>
internal static class DecoderMessages
{
    private const int Identity = 1, Header = 2, Metadata = 4, Thumbnail = 8, Warning = 16, Failure = 32;
    private const int Transient = 1, Doubtful = 2;
    private const int MaxCount = 65_536;

    public static ReadOnlyMemory<byte> Write(InspectRequest request, int longSide, WebPEncoding encoding) =>
        new PayloadWriter().Text(request.Path).Text(request.SidecarPath).Text(request.Root).Byte((byte)request.Kind).Int32(request.SquashSide)
            .Int32(longSide).Int32(encoding.Quality).Int32(encoding.Effort).Written;

    public static (InspectRequest Request, int LongSide, WebPEncoding Encoding) ReadInspect(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var (path, sidecar, root) = (reader.Text(), reader.TextOrNull(), reader.TextOrNull());
        var request = new InspectRequest(path, sidecar, (FileKind)reader.Byte(), reader.Int32(), root);
        var (longSide, encoding) = (reader.Int32(), new WebPEncoding(reader.Int32(), reader.Int32()));
        reader.End();
        return (request, longSide, encoding);
    }

    public static ReadOnlyMemory<byte> Write(RenderRequest request, WebPEncoding encoding) =>
        new PayloadWriter().Text(request.Path).Text(request.Root).Bytes(request.Sha256).Int32(request.LongSide).Int32(encoding.Quality).Int32(encoding.Effort).Written;

    public static (RenderRequest Request, WebPEncoding Encoding) ReadRender(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var (path, root, sha256) = (reader.Text(), reader.TextOrNull(), reader.BytesOrNull());
        var request = new RenderRequest(path, reader.Int32(), root, sha256);
        var encoding = new WebPEncoding(reader.Int32(), reader.Int32());
        reader.End();
        return (request, encoding);
    }

    public static ReadOnlyMemory<byte> Write(PixelsRequest request)
    {
        var writer = new PayloadWriter().Int32(request.Side).Int32(request.Paths.Count);
        foreach (var path in request.Paths)
            writer.Text(path);
        return writer.Written;
    }

    public static PixelsRequest ReadPixels(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var side = reader.Int32();
        var paths = new string[Count(reader.Int32())];
        for (var i = 0; i < paths.Length; i++)
            paths[i] = reader.Text();
        reader.End();
        return new PixelsRequest(paths, side);
    }

    public static ReadOnlyMemory<byte> WriteAnswer(long residentBytes, Inspection inspection)
    {
        var (identity, header, metadata, thumbnail, warning, failure) =
            (inspection.Identity, inspection.Header, inspection.Metadata, inspection.Thumbnail, inspection.Warning, inspection.Failure);
        var set = (identity is null ? 0 : Identity) | (header is null ? 0 : Header) | (metadata is null ? 0 : Metadata)
            | (thumbnail is null ? 0 : Thumbnail) | (warning is null ? 0 : Warning) | (failure is null ? 0 : Failure);
        var writer = new PayloadWriter().Int64(residentBytes).Byte((byte)set);
        if (identity is not null)
            writer.Bytes(identity.Sha256).Bytes(identity.Md5).Int64(identity.Size);
        if (header is not null)
            writer.Text(header.Format).Int32(header.Width).Int32(header.Height).Int32(header.Orientation).Int32(header.Frames);
        if (metadata is not null)
            writer.Bytes(JsonSerializer.SerializeToUtf8Bytes(metadata, PictureMetadataJson.Default.PictureMetadata));
        if (thumbnail is not null)
        {
            writer.Bytes(thumbnail.WebP).Int32(thumbnail.Width).Int32(thumbnail.Height).Int32(thumbnail.AverageColour)
                .Bytes(thumbnail.PerceptualHash).Bytes(thumbnail.Squashed);
        }
        if (warning is not null)
            writer.Text(warning);
        if (failure is not null)
            Write(writer, failure);
        return writer.Written;
    }

    public static (long ResidentBytes, Inspection Inspection) ReadInspectAnswer(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var resident = reader.Int64();
        var set = reader.Byte();
        var inspection = new Inspection
        {
            Identity = (set & Identity) == 0 ? null : new FileIdentity(reader.Bytes(), reader.Bytes(), reader.Int64()),
            Header = (set & Header) == 0 ? null
                : new PictureHeader(reader.Text(), reader.Int32(), reader.Int32(), reader.Int32(), reader.Int32()),
            Metadata = (set & Metadata) == 0 ? null : ReadMetadata(reader.Bytes()),
            Thumbnail = (set & Thumbnail) == 0 ? null
                : new PictureRendition(reader.Bytes(), reader.Int32(), reader.Int32(), reader.Int32(), reader.Bytes(), reader.BytesOrNull()),
            Warning = (set & Warning) == 0 ? null : reader.Text(),
            Failure = (set & Failure) == 0 ? null : ReadFailure(ref reader),
        };
        reader.End();
        if (inspection.Identity is { } identity && (identity.Sha256.Length != 32 || identity.Md5.Length != 16 || identity.Size < 0))
            throw new DecoderProtocolException("An identity has the wrong size.");
        return (resident, inspection);
    }

    public static ReadOnlyMemory<byte> WriteAnswer(long residentBytes, RenderResult result)
    {
        var writer = new PayloadWriter().Int64(residentBytes).Bytes(result.WebP);
        if (result.Failure is not null)
            Write(writer, result.Failure);
        return writer.Written;
    }

    public static (long ResidentBytes, RenderResult Result) ReadRenderAnswer(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var resident = reader.Int64();
        var webp = reader.BytesOrNull();
        var result = new RenderResult(webp, webp is null ? ReadFailure(ref reader) : null);
        reader.End();
        return (resident, result);
    }

    public static ReadOnlyMemory<byte> WriteAnswer(long residentBytes, IReadOnlyList<PixelsResult> results)
    {
        var writer = new PayloadWriter().Int64(residentBytes).Int32(results.Count);
        foreach (var result in results)
        {
            writer.Bytes(result.Rgb);
            if (result.Failure is not null)
                Write(writer, result.Failure);
        }
        return writer.Written;
    }

    public static (long ResidentBytes, IReadOnlyList<PixelsResult> Results) ReadPixelsAnswer(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var resident = reader.Int64();
        var results = new PixelsResult[Count(reader.Int32())];
        for (var i = 0; i < results.Length; i++)
        {
            var rgb = reader.BytesOrNull();
            results[i] = new PixelsResult(rgb, rgb is null ? ReadFailure(ref reader) : null);
        }
        reader.End();
        return (resident, results);
    }

    private static int Count(int count) =>
        count is >= 0 and <= MaxCount ? count : throw new DecoderProtocolException($"A message says it has {count} items; {MaxCount} are allowed.");

    private static void Write(PayloadWriter writer, DecodeFailure failure) =>
        writer.Byte((byte)((failure.Transient ? Transient : 0) | (failure.IsDoubtful ? Doubtful : 0))).Text(failure.Reason);

    private static DecodeFailure ReadFailure(ref PayloadReader reader)
    {
        var set = reader.Byte();
        return new DecodeFailure(reader.Text(), (set & Transient) != 0, (set & Doubtful) != 0);
    }

    private static PictureMetadata ReadMetadata(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PictureMetadataJson.Default.PictureMetadata)
                ?? throw new DecoderProtocolException("Metadata is missing.");
        }
        catch (JsonException error)
        {
            throw new DecoderProtocolException($"Metadata is not JSON: {error.Message}");
        }
    }
}
