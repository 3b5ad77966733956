using ImageMagick;
using Vitrine.Images.Vips;

namespace Vitrine.Images.Magick;

/// <summary>Reads pictures with ImageMagick and hands their pixels to libvips, which does the rest. <see cref="MagickLibrary.Initialize"/> comes first.</summary>
internal static class MagickReader
{
    /// <summary>Bytes of pixels that are copied at a time.</summary>
    private const int CopiedBytes = 1 << 20;

    /// <summary>The coder is chosen by the file's first bytes, never by its name; those of other formats see no file.</summary>
    private static readonly Dictionary<string, MagickFormat> s_formats = new()
    {
        ["avif"] = MagickFormat.Avif,
        ["bmp"] = MagickFormat.Bmp,
        ["gif"] = MagickFormat.Gif,
        ["heic"] = MagickFormat.Heic,
        ["jpeg"] = MagickFormat.Jpeg,
        ["jxl"] = MagickFormat.Jxl,
        ["png"] = MagickFormat.Png,
        ["tiff"] = MagickFormat.Tiff,
        ["webp"] = MagickFormat.WebP,
    };

    /// <summary>What codecs within a format say of pixels that are missing or wrong, as mere warnings: libjpeg in a TIFF.</summary>
    private static readonly string[] s_wrongPixels =
        ["premature end", "unexpected end", "not enough data", "bad Huffman code", "bad arithmetic code", "instead of RST", "Invalid SOS parameters"];

    /// <summary>What the header says; pixels are not decoded wherever the format allows it.</summary>
    /// <exception cref="VipsException">ImageMagick refused; the message is its own.</exception>
    /// <exception cref="UnsupportedPictureException">A format that it is not asked to read.</exception>
    public static PictureHeader ReadHeader(PictureSource source)
    {
        using var image = Read(source, onlyHeader: true);
        var orientation = OrientationOf(image);
        var (width, height) = orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
        return new PictureHeader(source.Format, (int)width, (int)height, orientation, FramesOf(source));
    }

    /// <summary>The decoded picture: grey, RGB or CMYK with its profile, anything else as sRGB.</summary>
    /// <inheritdoc cref="ReadHeader" path="/exception"/>
    public static VipsImage Open(PictureSource source)
    {
        using var pixels = new FileBuffer();
        int width, height, bands, interpretation, orientation;
        byte[]? profile;
        using (var image = Read(source, onlyHeader: false))
        {
            var mapping = Prepare(image);
            (width, height, bands, orientation) = ((int)image.Width, (int)image.Height, mapping.Length, OrientationOf(image));
            interpretation = mapping == "CMYK" ? VipsInterpretation.Cmyk : mapping == "R" ? VipsInterpretation.BlackAndWhite : VipsInterpretation.SRgb;
            profile = image.GetColorProfile()?.ToByteArray();
            Copy(image, mapping, pixels);
        }

        using var raw = VipsImage.CopyPixels(pixels.Address, pixels.Length, width, height, bands);
        var opened = new VipsOperation("copy").With("in", raw).With("interpretation", interpretation).Run("out");
        opened.SetInt("orientation", orientation);
        if (profile is not null)
            opened.SetBytes("icc-profile-data", profile);
        return opened;
    }

    private static MagickImage Read(PictureSource source, bool onlyHeader)
    {
        var image = new MagickImage();
        MagickException? damage = null;
        image.Warning += (_, warning) => damage ??= DamageOrNull(warning.Exception);
        try
        {
            var settings = new MagickReadSettings { Format = FormatOf(source), FrameIndex = 0, FrameCount = 1 };
            if (source.Format is "heic" or "avif")
            {
                // libheif is given a file: of bytes in memory ImageMagick would make a copy on the disk, where a decoder may not write.
                if (onlyHeader)
                    image.Ping(source.Path, settings);
                else
                    image.Read(source.Path, settings);
            }
            else
            {
                using var input = source.OpenContent();
                if (onlyHeader)
                    image.Ping(input, settings);
                else
                    image.Read(input, settings);
            }

            return damage is null ? image : throw damage; // what is there of a damaged picture is not what was asked for
        }
        catch (MagickException exception)
        {
            image.Dispose();
            throw new VipsException(Words(exception));
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <returns>The first of the warnings, which come as one, that speaks of damage.</returns>
    private static MagickException? DamageOrNull(MagickException warning) => warning.RelatedExceptions.Prepend(warning).FirstOrDefault(
        one => one is MagickCorruptImageWarningException || Array.Exists(s_wrongPixels, words => one.Message.Contains(words, StringComparison.OrdinalIgnoreCase)));

    private static MagickFormat FormatOf(PictureSource source) =>
        s_formats.TryGetValue(source.Format, out var format) ? format : throw new UnsupportedPictureException(source.Format);

    /// <summary>Pages of a document; of other formats libvips tells them.</summary>
    private static int FramesOf(PictureSource source)
    {
        if (source.Format != "tiff")
            return 1;
        try
        {
            using var input = source.OpenContent();
            using var pages = new MagickImageCollection();
            pages.Ping(input, new MagickReadSettings { Format = MagickFormat.Tiff });
            return Math.Max(1, pages.Count);
        }
        catch (MagickException)
        {
            return 1; // a later page is damaged; the first one is shown
        }
    }

    /// <returns>The letters of the samples of a pixel.</returns>
    private static string Prepare(MagickImage image)
    {
        if (image.ColorSpace is not (ColorSpace.sRGB or ColorSpace.Gray or ColorSpace.CMYK))
        {
            image.ColorSpace = ColorSpace.sRGB;
            image.RemoveProfile("icc"); // it was of the other colours
        }

        return image.ColorSpace == ColorSpace.CMYK ? "CMYK" : image.HasAlpha ? "RGBA" : image.ColorSpace == ColorSpace.Gray ? "R" : "RGB";
    }

    private static void Copy(MagickImage image, string mapping, FileBuffer to)
    {
        var (width, height) = ((int)image.Width, (int)image.Height);
        var rowBytes = (long)width * mapping.Length;
        if (rowBytes * height > int.MaxValue)
            throw new VipsException("the picture exceeds the maximum of 2 GiB of pixels");
        to.Resize((int)(rowBytes * height));
        using var from = image.GetPixelsUnsafe();
        var rows = (int)Math.Clamp(CopiedBytes / rowBytes, 1, height);
        for (var top = 0; top < height; top += rows)
        {
            var some = from.ToByteArray(0, top, (uint)width, (uint)Math.Min(rows, height - top), mapping) ?? throw new VipsException("the picture has no pixels");
            some.CopyTo(to.GetSpan()[(int)(top * rowBytes)..]);
        }
    }

    private static int OrientationOf(MagickImage image) => (int)image.Orientation is var orientation and >= 1 and <= 8 ? orientation : 1;

    /// <summary>Without the name of a temporary file and the place in ImageMagick's source: <c>ImproperImageHeader `/tmp/x' @ error/bmp.c/ReadBMPImage/689</c>.</summary>
    private static string Words(MagickException exception)
    {
        var words = exception.Message;
        if (words.IndexOf(" @ ", StringComparison.Ordinal) is var place and > 0)
            words = words[..place];
        if (words.IndexOf(" `", StringComparison.Ordinal) is var name and > 0)
            words = words[..name];
        return $"ImageMagick: {words.Trim()}";
    }
}
