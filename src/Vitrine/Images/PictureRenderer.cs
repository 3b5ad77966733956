using Vitrine.Images.Vips;

namespace Vitrine.Images;

/// <summary>Makes pictures small: auto-rotated, sRGB, eight bits, transparency kept, never enlarged. One decode of the original.</summary>
internal static class PictureRenderer
{
    private const int SizeDown = 2, SizeForce = 3;

    /// <summary>The picture within a square, and what its pixels tell.</summary>
    /// <param name="source">Where the picture is.</param>
    /// <param name="opened">The same picture, opened: its header decides how it is decoded.</param>
    /// <param name="longSide">Pixels, at least 1.</param>
    /// <param name="encoding">How the WebP is made.</param>
    /// <param name="squashSide">Side of <see cref="PictureRendition.Squashed"/>; 0 when it is not wanted.</param>
    /// <exception cref="VipsException">The file is damaged.</exception>
    public static PictureRendition Render(PictureSource source, VipsImage opened, int longSide, WebPEncoding encoding, int squashSide = 0)
    {
        using var pixels = Shrink(source, opened, longSide);
        var webp = Encode(pixels, encoding);
        var hashed = Means(pixels, PictureHash.Side);
        var squashed = squashSide == 0 ? null : squashSide == hashed.Side ? hashed : Means(pixels, squashSide);
        return new PictureRendition(webp, pixels.Width, pixels.Height,
            AverageColour.Compute(pixels.Span, pixels.Bands), PictureHash.Compute(hashed), squashed?.ToRgb());
    }

    /// <summary>Only the WebP, as <see cref="Render"/> makes it.</summary>
    public static byte[] RenderWebP(PictureSource source, VipsImage opened, int longSide, WebPEncoding encoding)
    {
        using var pixels = Shrink(source, opened, longSide);
        return Encode(pixels, encoding);
    }

    /// <summary>A thumbnail squashed into a square, transparent parts on white: what <see cref="PictureRendition.Squashed"/> was before it was encoded.</summary>
    /// <returns>RGB, row-major, side × side × 3 bytes.</returns>
    public static byte[] Squash(PictureSource source, int side)
    {
        using var opened = source.Open();
        using var plain = Normalise(opened);
        using var pixels = plain.ReadPixels();
        return Means(pixels, side).ToRgb();
    }

    /// <summary>The one decode: eight-bit pixels of the small picture.</summary>
    internal static VipsPixels Shrink(PictureSource source, VipsImage opened, int longSide)
    {
        var isConverted = NeedsConversion(opened);
        try
        {
            return Shrink(source, opened, longSide, isConverted);
        }
        catch (VipsException) when (isConverted)
        {
            // A broken profile costs the profile, not the picture. What is read from first to last cannot be read twice.
            using var again = source.Open();
            return Shrink(source, again, longSide, isConverted: false);
        }
    }

    private static VipsPixels Shrink(PictureSource source, VipsImage opened, int longSide, bool isConverted)
    {
        using var small = MakeSmall(source, opened, longSide, isConverted);
        using var plain = Normalise(small);
        return plain.ReadPixels();
    }

    private static bool NeedsConversion(VipsImage opened) =>
        opened.Interpretation == VipsInterpretation.Cmyk || (opened.GetBytes("icc-profile-data") is { IsEmpty: false } profile && !IccProfile.IsSRgb(profile));

    private static VipsImage MakeSmall(PictureSource source, VipsImage opened, int longSide, bool isConverted)
    {
        // WebP and HEIF are decoded at the size that is wanted, if libvips opens them itself.
        if (source.CanThumbnail())
            return Thumbnail(source.Thumbnail()).Run("out");

        // libvips itself leaves a factor of two or more to the slower, finer resize; for JPEG less is enough (docs/decisions/0005).
        var shrink = source is { Format: "jpeg", IsForMagick: false } ? JpegShrink(opened, longSide) : 1;
        var scale = source.Format == "svg" ? DrawingScale(opened, longSide) : 1;
        using var loaded = shrink > 1 ? source.Open(shrink) : scale < 1 ? source.Open(scale: scale) : null;
        return Thumbnail(new VipsOperation("thumbnail_image").With("in", loaded ?? opened)).Run("out");

        VipsOperation Thumbnail(VipsOperation operation)
        {
            var limited = WithLimits(operation, opened, longSide);
            return isConverted ? limited.With("export-profile", "srgb") : limited;
        }
    }

    private static int JpegShrink(VipsImage opened, int longSide)
    {
        var factor = Math.Max(opened.Width, opened.Height) / (double)longSide;
        // libvips rounds the shrunken sides down, to nothing if it must, and aborts on that.
        var most = Math.Min(factor, Math.Min(opened.Width, opened.Height));
        return most >= 8 ? 8 : most >= 4 ? 4 : most >= 2 ? 2 : 1;
    }

    /// <summary>A drawing is drawn as large as it is wanted, and no side smaller than a pixel, which libvips refuses.</summary>
    private static double DrawingScale(VipsImage opened, int longSide) =>
        Math.Min(1, Math.Max(longSide / (double)Math.Max(opened.Width, opened.Height), 1.0 / Math.Min(opened.Width, opened.Height)));

    private static VipsOperation WithLimits(VipsOperation thumbnail, VipsImage opened, int longSide)
    {
        var (width, height) = (opened.Width, opened.Height);
        if (Math.Min(width, height) * (long)longSide < Math.Max(width, height))
        {
            // libvips would round the short side to nothing and abort: one pixel is kept, at the price of the proportions.
            var (across, down) = width < height ? (1, Math.Min(height, longSide)) : (Math.Min(width, longSide), 1);
            if (opened.GetInt("orientation", 1) is >= 5 and <= 8)
                (across, down) = (down, across);
            thumbnail.With("width", across).With("height", down).With("size", SizeForce);
        }
        else
        {
            thumbnail.With("width", longSide).With("height", longSide).With("size", SizeDown);
        }

        return thumbnail;
    }

    /// <summary>Grey or RGB, with or without alpha, eight bits per sample.</summary>
    private static VipsImage Normalise(VipsImage image)
    {
        var current = VipsImage.Share(image);
        if (current.Interpretation is not (VipsInterpretation.SRgb or VipsInterpretation.BlackAndWhite))
            current = Replace(current, new VipsOperation("colourspace").With("in", current).With("space", VipsInterpretation.SRgb));
        if (current.Bands > 4)
            current = Replace(current, new VipsOperation("extract_band").With("in", current).With("band", 0).With("n", 3));
        if (!current.IsEightBit)
            current = Replace(current, new VipsOperation("cast").With("in", current).With("format", 0));
        return current;
    }

    private static VipsImage Replace(VipsImage old, VipsOperation operation)
    {
        using (old)
            return operation.Run("out");
    }

    private static AreaMeans Means(VipsPixels pixels, int side) => AreaMeans.Of(pixels.Span, pixels.Width, pixels.Height, pixels.Bands, side);

    /// <summary>WebP without metadata.</summary>
    internal static byte[] Encode(VipsPixels pixels, WebPEncoding encoding)
    {
        using var image = pixels.AsImage();
        return WebPContainer.Strip(
            new VipsOperation("webpsave_buffer").With("in", image).With("Q", encoding.Quality).With("effort", encoding.Effort).RunToBytes());
    }
}
