using System.Buffers.Binary;
using Vitrine.Images;
using Vitrine.Images.Vips;

namespace Vitrine.Tests.Images;

/// <summary>
/// Small pictures of every kind, made by libvips in the test itself, in a folder that is removed with this object.
/// The motif has smooth parts, edges, patches and colours, differs by seed, and is deterministic.
/// </summary>
internal sealed class SamplePictures : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("vitrine-samples-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Jpeg(string name, int width = 400, int height = 300, int seed = 1, int orientation = 1, int quality = 90)
    {
        using var image = Motif(width, height, seed);
        image.SetInt("orientation", orientation);
        return Write(name, new VipsOperation("jpegsave_buffer").With("in", image).With("Q", quality));
    }

    public string Png(string name, int width = 400, int height = 300, int seed = 1, bool transparent = false)
    {
        using var image = transparent ? TransparentMotif(width, height, seed) : Motif(width, height, seed);
        return Write(name, new VipsOperation("pngsave_buffer").With("in", image));
    }

    public string ProgressiveJpeg(string name, int width = 400, int height = 300, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        return Write(name, new VipsOperation("jpegsave_buffer").With("in", image).With("Q", 90).With("interlace", true));
    }

    public string InterlacedPng(string name, int width = 400, int height = 300, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        return Write(name, new VipsOperation("pngsave_buffer").With("in", image).With("interlace", true));
    }

    public string LosslessWebP(string name, int width = 400, int height = 300, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        return Write(name, new VipsOperation("webpsave_buffer").With("in", image).With("lossless", true));
    }

    public string WebP(string name, int width = 400, int height = 300, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        return Write(name, new VipsOperation("webpsave_buffer").With("in", image));
    }

    /// <summary>Frames of one size; each shows another motif, the first that of the seed.</summary>
    public string AnimatedGif(string name, int width = 60, int height = 40, int frames = 3, int seed = 1) =>
        Animation(name, "gifsave_buffer", width, height, frames, seed);

    /// <inheritdoc cref="AnimatedGif"/>
    public string AnimatedWebP(string name, int width = 60, int height = 40, int frames = 3, int seed = 1) =>
        Animation(name, "webpsave_buffer", width, height, frames, seed);

    public string Tiff(string name, int width = 400, int height = 300, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        return Write(name, new VipsOperation("tiffsave_buffer").With("in", image));
    }

    /// <inheritdoc cref="SampleTiffs.Strips"/>
    public string StripedTiff(string name, int width = 400, int height = 300, bool isDeep = false, uint nextPage = 0)
    {
        using var image = Motif(width, height, seed: 1);
        using var pixels = image.ReadPixels();
        return Bytes(name, SampleTiffs.Strips(pixels.Span, width, isDeep, nextPage));
    }

    /// <summary>Three fifths of it, at the bottom, are white.</summary>
    /// <param name="saver">e.g. <c>gifsave_buffer</c>.</param>
    public string PlainBelow(string name, string saver, int width = 400, int height = 300)
    {
        using var image = Motif(width, height * 2 / 5, seed: 1);
        using var whole = new VipsOperation("embed").With("in", image).With("x", 0).With("y", 0).With("width", width).With("height", height).With("extend", 4 /* white */).Run("out");
        return Write(name, saver == "jpegsave_buffer" ? new VipsOperation(saver).With("in", whole).With("Q", 90).With("interlace", true) : new VipsOperation(saver).With("in", whole));
    }

    /// <summary>Random samples, which no packing makes shorter.</summary>
    public string NoisyInterlacedPng(string name, int width = 400, int height = 300)
    {
        using var buffer = new FileBuffer();
        buffer.Resize(width * height * 3);
        new Random(1).NextBytes(buffer.GetSpan());
        using var image = VipsImage.CopyPixels(buffer.Address, buffer.Length, width, height, 3);
        return Write(name, new VipsOperation("pngsave_buffer").With("in", image).With("interlace", true));
    }

    /// <summary>One colour, with a colour profile.</summary>
    public string ProfiledPng(string name, byte[] profile, byte red, byte green, byte blue)
    {
        using var plain = Plain(64, 48, red, green, blue);
        plain.SetBytes("icc-profile-data", profile);
        return Write(name, new VipsOperation("pngsave_buffer").With("in", plain));
    }

    /// <summary>16 bits per sample, as a scanner makes it.</summary>
    public string SixteenBit(string name, int width = 400, int height = 300, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        using var deep = new VipsOperation("colourspace").With("in", image).With("space", VipsInterpretation.Rgb16).Run("out");
        return Write(name, new VipsOperation(name.EndsWith(".png", StringComparison.Ordinal) ? "pngsave_buffer" : "tiffsave_buffer").With("in", deep));
    }

    public string CmykJpeg(string name, int width = 400, int height = 300, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        using var cmyk = new VipsOperation("colourspace").With("in", image).With("space", VipsInterpretation.Cmyk).Run("out");
        return Write(name, new VipsOperation("jpegsave_buffer").With("in", cmyk));
    }

    public string GreyPng(string name, int width = 400, int height = 300, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        using var grey = new VipsOperation("colourspace").With("in", image).With("space", VipsInterpretation.BlackAndWhite).Run("out");
        return Write(name, new VipsOperation("pngsave_buffer").With("in", grey));
    }

    public string Avif(string name, int width = 200, int height = 150, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        return Write(name, new VipsOperation("heifsave_buffer").With("in", image).With("compression", 4 /* av1 */).With("effort", 0));
    }

    /// <summary>Black, one bit per pixel: gigapixels in a few hundred kilobytes, made in a second or two.</summary>
    public string EnormousPng(string name, int width, int height)
    {
        using var black = new VipsOperation("black").With("width", width).With("height", height).Run("out");
        return Write(name, new VipsOperation("pngsave_buffer").With("in", black).With("bitdepth", 1).With("compression", 1));
    }

    /// <summary>One colour in RGB.</summary>
    public string PlainPng(string name, int width, int height, byte red = 200, byte green = 100, byte blue = 50)
    {
        using var rgb = Plain(width, height, red, green, blue);
        return Write(name, new VipsOperation("pngsave_buffer").With("in", rgb).With("compression", 9));
    }

    /// <summary>The same, in samples of colour that are halved in both directions.</summary>
    public string PlainJpeg(string name, int width, int height, byte red, byte green, byte blue)
    {
        using var rgb = Plain(width, height, red, green, blue);
        return Write(name, new VipsOperation("jpegsave_buffer").With("in", rgb).With("Q", 85));
    }

    private static VipsImage Plain(int width, int height, byte red, byte green, byte blue)
    {
        using var black = new VipsOperation("black").With("width", width).With("height", height).With("bands", 3).Run("out");
        using var coloured = new VipsOperation("linear").With("in", black).With("a", 1.0, 1.0, 1.0)
            .With("b", red, green, (double)blue).With("uchar", true).Run("out");
        return new VipsOperation("copy").With("in", coloured).With("interpretation", VipsInterpretation.SRgb).Run("out");
    }

    /// <summary>A Windows bitmap with 24 bits per pixel, the bottom row first.</summary>
    public string Bmp(string name, int width = 40, int height = 30, int seed = 1)
    {
        using var image = Motif(width, height, seed);
        using var pixels = image.ReadPixels();
        var stride = ((width * 3) + 3) & ~3;
        var file = new byte[54 + (stride * height)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var from = pixels.Span.Slice(((y * width) + x) * 3, 3);
                var to = file.AsSpan(54 + ((height - 1 - y) * stride) + (x * 3), 3);
                (to[0], to[1], to[2]) = (from[2], from[1], from[0]);
            }
        }
        return Bytes(name, file);
    }

    public string Text(string name, string content) => Bytes(name, System.Text.Encoding.UTF8.GetBytes(content));

    public string Bytes(string name, ReadOnlySpan<byte> content)
    {
        var path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>The beginning of another file.</summary>
    public string Truncated(string name, string original, double part = 0.5)
    {
        var bytes = File.ReadAllBytes(original);
        return Bytes(name, bytes.AsSpan(0, (int)(bytes.Length * part)));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string Animation(string name, string saver, int width, int height, int frames, int seed)
    {
        var pages = Enumerable.Range(seed, frames).Select(frame => Motif(width, height, frame)).ToArray();
        using var strip = new VipsOperation("arrayjoin").With("in", pages).With("across", 1).Run("out");
        using var own = new VipsOperation("copy").With("in", strip).Run("out");
        own.SetInt("page-height", height);
        var path = Write(name, new VipsOperation(saver).With("in", own));
        foreach (var page in pages)
            page.Dispose();
        return path;
    }

    private string Write(string name, VipsOperation saver) => Bytes(name, saver.RunToBytes());

    private static VipsImage TransparentMotif(int width, int height, int seed)
    {
        using var image = Motif(width, height, seed);
        using var pixels = image.ReadPixels();
        using var buffer = new FileBuffer();
        buffer.Resize(width * height * 4);
        var to = buffer.GetSpan();
        for (var i = 0; i < width * height; i++)
        {
            pixels.Span.Slice(i * 3, 3).CopyTo(to[(i * 4)..]);
            // The right half is transparent.
            to[(i * 4) + 3] = i % width < width / 2 ? (byte)255 : (byte)0;
        }
        using var raw = VipsImage.CopyPixels(buffer.Address, buffer.Length, width, height, 4);
        return new VipsOperation("copy").With("in", raw).With("interpretation", VipsInterpretation.SRgb).Run("out");
    }

    private static VipsImage Motif(int width, int height, int seed)
    {
        using var buffer = new FileBuffer();
        buffer.Resize(width * height * 3);
        var to = buffer.GetSpan();
        var random = new Random(seed);
        double fx = 2 + (random.NextDouble() * 6), fy = 2 + (random.NextDouble() * 6), phase = random.NextDouble() * 6, edge = 0.2 + (random.NextDouble() * 0.6);
        var cells = Enumerable.Range(0, 16 * 16).Select(_ => random.Next(-60, 61)).ToArray();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                double u = (x + 0.5) / width, v = (y + 0.5) / height;
                var wave = Math.Sin((u * fx) + phase) * Math.Cos((v * fy) - phase);
                var pixel = to.Slice(((y * width) + x) * 3, 3);
                var cell = cells[((int)(v * 16) * 16) + (int)(u * 16)];
                pixel[0] = (byte)Math.Clamp(128 + (100 * wave) + cell, 0, 255);
                pixel[1] = (byte)Math.Clamp((u * 255 * (1 - (v * 0.5))) + cell, 0, 255);
                pixel[2] = (byte)Math.Clamp((u + v > edge * 2 ? 200 : 60) + cell, 0, 255);
            }
        }
        using var raw = VipsImage.CopyPixels(buffer.Address, buffer.Length, width, height, 3);
        return new VipsOperation("copy").With("in", raw).With("interpretation", VipsInterpretation.SRgb).Run("out");
    }
}
