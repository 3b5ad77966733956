using System.Buffers.Binary;
using Vitrine.Images;
using Vitrine.Images.Damaged;
using Vitrine.Images.Metadata;
using Vitrine.Images.Vips;
using Vitrine.Storage;

namespace Vitrine.Decoding;

/// <summary>The decoder's work on one file. A damaged file is an answer, not an exception.</summary>
/// <param name="pixelLimit">A picture of more is refused.</param>
/// <param name="usesMagick">Whether ImageMagick decodes, in place of libvips: <see cref="Images.Magick.MagickLibrary"/>.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FileInspector(long pixelLimit, bool usesMagick = false) : IDisposable
{
    private const int MaxSidecarBytes = 16 << 20;

    /// <summary>Bytes of pixels of a damaged picture that is rebuilt: a decoder has little memory.</summary>
    private const int RawLimit = 512 << 20;

    private readonly FileReader _reader = new();

    /// <summary>One read, one decode: identity, header, metadata, thumbnail.</summary>
    public Inspection Inspect(InspectRequest request, int longSide, WebPEncoding encoding)
    {
        var inspection = new Inspection();
        try
        {
            inspection = inspection with { Identity = _reader.Read(request.Path, request.Root) };
            if (inspection.Identity.Size == 0)
                return inspection with { Failure = DecodeFailures.EmptyFile };
            if (request.Kind == FileKind.Model)
                return inspection;

            var source = Recognise();
            inspection = inspection with { Metadata = ReadMetadata(request.SidecarPath, request.Root) };
            var (rendition, warning) = Decode(
                source, header => inspection = inspection with { Header = header },
                (picture, opened) => PictureRenderer.Render(picture, opened, longSide, encoding, request.SquashSide));
            return inspection with { Thumbnail = rendition, Warning = warning };
        }
        catch (Exception error) when (DecodeFailures.FindOrNull(error) is { } failure)
        {
            return inspection with { Failure = failure };
        }
        finally
        {
            _reader.LetGo();
        }
    }

    /// <summary>A WebP of another size.</summary>
    public RenderResult Render(RenderRequest request, WebPEncoding encoding)
    {
        try
        {
            var identity = _reader.Read(request.Path, request.Root);
            if (request.Sha256 is { } expected && !expected.AsSpan().SequenceEqual(identity.Sha256))
                return new RenderResult(null, DecodeFailures.Changed);
            var source = Recognise();
            var (webp, _) = Decode(source, _ => { }, (picture, opened) => PictureRenderer.RenderWebP(picture, opened, request.LongSide, encoding));
            return new RenderResult(webp, null);
        }
        catch (Exception error) when (DecodeFailures.FindOrNull(error) is { } failure)
        {
            return new RenderResult(null, failure);
        }
        finally
        {
            _reader.LetGo();
        }
    }

    /// <summary>Pixels of thumbnails, in the order asked for.</summary>
    public IReadOnlyList<PixelsResult> ReadPixels(PixelsRequest request) =>
        [.. request.Paths.Select(path => ReadPixels(path, request.Side))];

    public void Dispose() => _reader.Dispose();

    private PixelsResult ReadPixels(string path, int side)
    {
        VipsErrors.Clear();
        try
        {
            _reader.ReadWithoutHashing(path);
            var source = Recognise();
            if (source.Format != "webp")
                throw new NotAnImageException($"a thumbnail is WebP, this is {source.Format}");
            return new PixelsResult(PictureRenderer.Squash(source, side), null);
        }
        catch (Exception error) when (DecodeFailures.FindOrNull(error) is { } failure)
        {
            return new PixelsResult(null, failure);
        }
        finally
        {
            _reader.LetGo();
        }
    }

    private PictureSource Recognise()
    {
        var head = _reader.Buffer.GetSpan();
        var format = PictureFormats.FindOrNull(head) ?? throw NotAnImageException.From(head);
        return new PictureSource(format, _reader.HasAll ? _reader.Buffer : null, _reader.OpenPath, IsForMagick: usesMagick);
    }

    /// <summary>Decodes a picture, or what is left of a damaged one.</summary>
    /// <param name="decode">Given the picture and the same opened.</param>
    private (T Decoded, string? Warning) Decode<T>(PictureSource source, Action<PictureHeader> tell, Func<PictureSource, VipsImage, T> decode)
    {
        VipsErrors.Clear();
        try
        {
            using var opened = OpenWithin(source, tell);
            var told = VipsErrors.Lines();
            var decoded = decode(source, opened);
            return (decoded, usesMagick ? null : WarningOrNull(source, told));
        }
        catch (VipsException exception) when (!usesMagick && !DecodeFailures.IsUnsupported(exception))
        {
            using var repaired = PictureRepair.RepairOrNull(source, RawLimit);
            if (repaired is not null && TryDecode(repaired.Source, tell, decode, out var decoded))
                return (decoded!, repaired.Warning);
            var fault = FaultOrNull(source, exception);
            if (!exception.IsSilent && !IsKnownBetter(fault, source, exception))
                throw;
            throw new UnexplainedDamageException(fault) { IsSilent = exception.IsSilent };
        }
    }

    /// <summary>What is wrong with a picture that libvips decoded all the same.</summary>
    /// <param name="before">What it had said when it opened the picture.</param>
    /// <exception cref="VipsException">Pixels are missing or cannot be read, and black in their place.</exception>
    private static string? WarningOrNull(PictureSource source, string[] before)
    {
        var told = VipsErrors.LinesAfter(before);
        // What a later page needs it says in the same words: then another decoder shows a picture that this one could show, too.
        if (DecodeFailures.UnsupportedOrNull(told) is { } unsupported)
            throw new VipsException(unsupported);
        return QuietDamage.WarningOrNull(source, [.. told.Except(before)]);
    }

    private static StructureFault? FaultOrNull(PictureSource source, VipsException exception)
    {
        if (source.Content is not { } whole)
            return null;
        var fault = StructureFault.FindOrNull(source.Format, whole.GetSpan());
        return fault is null && source.Format == "png"
            ? StructureFault.Wrong($"the chunks of the PNG are whole, but not what they hold ({exception.Message})")
            : fault;
    }

    /// <summary>
    /// Whether the structure says more than libvips: that the end is missing; and of a PNG, whose chunks have checksums and a last one, also that it is not.
    /// </summary>
    private static bool IsKnownBetter(StructureFault? fault, PictureSource source, VipsException exception)
    {
        var isPng = source.Format == "png";
        return fault is not null && (DecodeFailures.IsDamaged(exception) ? fault.IsCut || isPng : isPng && DecodeFailures.IsCutOff(exception));
    }

    private bool TryDecode<T>(PictureSource repaired, Action<PictureHeader> tell, Func<PictureSource, VipsImage, T> decode, out T? decoded)
    {
        try
        {
            using var opened = OpenWithin(repaired, tell);
            decoded = decode(repaired, opened);
            return true;
        }
        catch (VipsException)
        {
            decoded = default; // the damage is told as it was met first
            return false;
        }
    }

    /// <summary>Opens a picture unless it has too many pixels; its header is told in both cases.</summary>
    private VipsImage OpenWithin(PictureSource source, Action<PictureHeader> tell)
    {
        var opened = source.IsDecodedWhenOpened ? null : Open(source, Admit);
        try
        {
            Admit(opened is null ? source.ReadHeader() : PictureHeaders.Read(source, opened));
            return opened ?? source.Open();
        }
        catch
        {
            opened?.Dispose();
            throw;
        }

        void Admit(PictureHeader header)
        {
            tell(header);
            if ((long)header.Width * header.Height > pixelLimit)
                throw new TooManyPixelsException(header, pixelLimit);
        }
    }

    /// <summary>Opens the picture; when that fails, tells the header at least, if there is one: what has too many pixels is not repaired either.</summary>
    private VipsImage Open(PictureSource source, Action<PictureHeader> admit)
    {
        try
        {
            return source.Open();
        }
        catch (VipsException) when (source is { Format: "webp", Content: not null } && RiffLength() > _reader.Buffer.Length)
        {
            // libvips does not say that a WebP was cut, but its RIFF header says how long it was.
            throw new VipsException($"unexpected end after {_reader.Buffer.Length} of {RiffLength()} bytes");
        }
        catch (VipsException)
        {
            AdmitHeader(source, admit);
            throw;
        }
    }

    private static void AdmitHeader(PictureSource source, Action<PictureHeader> admit)
    {
        try
        {
            using var opened = source.Open(lenient: true);
            admit(PictureHeaders.Read(source, opened));
        }
        catch (VipsException)
        {
            // The header is damaged too; the first error, which the caller throws, says what is wrong.
        }
    }

    private long RiffLength() => BinaryPrimitives.ReadUInt32LittleEndian(_reader.Buffer.GetSpan()[4..]) + 8L;

    private PictureMetadata? ReadMetadata(string? sidecarPath, string? root)
    {
        var sidecar = sidecarPath is null ? null : ReadSidecarOrNull(sidecarPath, root);
        return MetadataReader.Read(_reader.Buffer.Memory, sidecar is null ? null : new ReadOnlyMemory<byte>(sidecar));
    }

    /// <summary>A sidecar that is gone, closed to us, no file or absurdly long counts as none: the picture itself is fine.</summary>
    private static byte[]? ReadSidecarOrNull(string path, string? root)
    {
        try
        {
            using var file = FencedFile.Open(path, root);
            if (RandomAccess.GetLength(file) is not (> 0 and <= MaxSidecarBytes and var length))
                return null;
            var sidecar = new byte[length];
            var got = 0;
            while (got < sidecar.Length && RandomAccess.Read(file, sidecar.AsSpan(got), got) is var read and > 0)
                got += read;
            return sidecar[..got];
        }
        catch (Exception error) when (error is FenceException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
