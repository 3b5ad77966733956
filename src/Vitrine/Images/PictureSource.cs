using Vitrine.Images.Magick;
using Vitrine.Images.Vips;

namespace Vitrine.Images;

/// <summary>A picture file that libvips can be pointed at: its bytes in memory, or its path when it is too large to hold.</summary>
/// <param name="Format">As in <see cref="PictureHeader.Format"/>.</param>
/// <param name="Content">The whole file; null when it is read from <paramref name="Path"/>.</param>
/// <param name="Path">Used when <paramref name="Content"/> is null.</param>
/// <param name="IsLenient">Whether a picture that ends too early is decoded as far as it goes.</param>
/// <param name="IsForMagick">Whether ImageMagick decodes it, in place of libvips.</param>
internal sealed record PictureSource(string Format, FileBuffer? Content, string Path, bool IsLenient = false, bool IsForMagick = false)
{
    /// <summary>VipsFailOn: a file that ends too early is an error, a mere warning is not.</summary>
    private const int FailOnNothing = 0, FailOnTruncated = 1;

    /// <summary>Whether all pixels are decoded as soon as it is opened: then its header is read on its own, before.</summary>
    public bool IsDecodedWhenOpened => IsForMagick || Format == "bmp";

    /// <summary>The header of a picture that <see cref="IsDecodedWhenOpened"/>.</summary>
    /// <exception cref="VipsException">The header is damaged.</exception>
    public PictureHeader ReadHeader() => IsForMagick ? MagickReader.ReadHeader(this) : BmpReader.ReadHeader(this);

    /// <summary>The file's bytes, for readers of our own.</summary>
    public unsafe Stream OpenContent() => Content is { } content
        ? new UnmanagedMemoryStream((byte*)content.Address, content.Length)
        : new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);

    /// <summary>Opens the picture: the header is read now, pixels when they are asked for.</summary>
    /// <param name="shrink">For JPEG 1, 2, 4 or 8: decode to so many times fewer pixels per side.</param>
    /// <param name="scale">For SVG: drawn so many times as large.</param>
    /// <param name="lenient">True when only the header counts: some loaders look at the whole file before they tell it.</param>
    /// <exception cref="VipsException">The header is damaged.</exception>
    /// <exception cref="UnsupportedPictureException">This libvips does not read the format.</exception>
    public VipsImage Open(int shrink = 1, bool lenient = false, double scale = 1)
    {
        if (IsDecodedWhenOpened)
            return IsForMagick ? MagickReader.Open(this) : BmpReader.Open(this);
        var loader = Loader() + (Content is null ? "" : "_buffer");
        if (!VipsLibrary.Has(loader))
            throw new UnsupportedPictureException(Format);
        var operation = Target(new VipsOperation(loader)).With("fail-on", lenient ? FailOnNothing : FailOn).With("access", 1 /* sequential */);
        if (shrink > 1)
            operation.With("shrink", shrink);
        if (Format == "svg")
            operation.With("scale", scale);
        return operation.Run("out");
    }

    /// <summary>Whether <see cref="Thumbnail"/> knows what to do with the file.</summary>
    /// <remarks>
    /// It takes no loader's name: libvips looks at the first bytes itself, and there it misses brands of AVIF and HEIC that its loader reads,
    /// such as those of sequences (<c>avis</c>), and every SVG with a prefix or in UTF-16.
    /// </remarks>
    public bool CanThumbnail()
    {
        if (IsDecodedWhenOpened || Format is not ("webp" or "avif" or "heic"))
            return false;
        if (Format == "webp" || (Content is { } content ? VipsNative.FindLoaderOfBuffer(content.Address, (nuint)content.Length) : VipsNative.FindLoaderOfFile(Path)) != 0)
            return true;
        VipsErrors.Clear(); // that it does not know the file is no failure of the file
        return false;
    }

    /// <summary>A thumbnail operation that opens the file itself and shrinks while decoding, where the format can (<see cref="CanThumbnail"/>).</summary>
    public VipsOperation Thumbnail() =>
        Target(new VipsOperation(Content is null ? "thumbnail" : "thumbnail_buffer")).With("fail-on", FailOn);

    private int FailOn => IsLenient ? FailOnNothing : FailOnTruncated;

    private VipsOperation Target(VipsOperation operation) =>
        Content is null ? operation.With("filename", Path) : operation.With("buffer", Content);

    private string Loader() => Format switch
    {
        "jpeg" or "png" or "webp" or "gif" or "tiff" or "svg" or "jxl" => Format + "load",
        "avif" or "heic" => "heifload",
        "raw" => "dcrawload",
        _ => throw new UnsupportedPictureException(Format),
    };
}
