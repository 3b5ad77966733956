namespace Vitrine.Images.Vips;

/// <summary>A libvips image: a recipe until its pixels are asked for. Not thread-safe.</summary>
internal sealed class VipsImage(nint handle) : IDisposable
{
    private const int UnsignedChar = 0;
    private nint _handle = handle;

    public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(VipsImage));

    public int Width => VipsNative.ImageWidth(Handle);

    public int Height => VipsNative.ImageHeight(Handle);

    public int Bands => VipsNative.ImageBands(Handle);

    /// <summary>True when a sample is one unsigned byte.</summary>
    public bool IsEightBit => VipsNative.ImageFormat(Handle) == UnsignedChar;

    /// <summary>A VipsInterpretation, e.g. <see cref="VipsInterpretation.SRgb"/>.</summary>
    public int Interpretation => VipsNative.ImageInterpretation(Handle);

    /// <summary>Looks at eight-bit pixels in memory, which must outlive the image; row-major, samples interleaved.</summary>
    /// <exception cref="VipsException">The length does not fit the dimensions.</exception>
    public static VipsImage FromPixels(nint pixels, int length, int width, int height, int bands)
    {
        VipsLibrary.Initialize();
        var image = VipsNative.ImageFromMemory(pixels, (nuint)length, width, height, bands, UnsignedChar);
        return image != 0 ? new VipsImage(image) : throw VipsException.FromErrorBuffer("image from memory");
    }

    /// <summary>As <see cref="FromPixels"/>, with a copy of the pixels.</summary>
    /// <exception cref="VipsException">The length does not fit the dimensions.</exception>
    public static VipsImage CopyPixels(nint pixels, int length, int width, int height, int bands)
    {
        VipsLibrary.Initialize();
        var image = VipsNative.ImageFromMemoryCopy(pixels, (nuint)length, width, height, bands, UnsignedChar);
        return image != 0 ? new VipsImage(image) : throw VipsException.FromErrorBuffer("image from memory");
    }

    /// <summary>The decoded pixels as an image of their own, with the same header; this one is disposed.</summary>
    /// <exception cref="VipsException">The file is damaged.</exception>
    public VipsImage Detach()
    {
        using (this)
        {
            var copy = VipsNative.ImageCopyMemory(Handle);
            return copy != 0 ? new VipsImage(copy) : throw VipsException.FromErrorBuffer("decode");
        }
    }

    /// <summary>The same image under a second owner.</summary>
    public static VipsImage Share(VipsImage image) => new(VipsNative.ObjectRef(image.Handle));

    public bool Has(string field) => VipsNative.ImageGetTypeOf(Handle, field) != 0;

    public int GetInt(string field, int otherwise) =>
        Has(field) && VipsNative.ImageGetInt(Handle, field, out var value) == 0 ? value : otherwise;

    /// <summary>Changes a header field. Only on an image that nothing else shares.</summary>
    public void SetInt(string field, int value) => VipsNative.ImageSetInt(Handle, field, value);

    /// <summary>Attaches a text field such as <c>exif-ifd0-Make</c>. Only on an image that nothing else shares.</summary>
    public void SetText(string field, string value) => VipsNative.ImageSetString(Handle, field, value);

    /// <summary>Attaches metadata such as <c>exif-data</c> or <c>icc-profile-data</c>. Only on an image that nothing else shares.</summary>
    public void SetBytes(string field, byte[] content) => VipsNative.ImageSetBlobCopy(Handle, field, content, (nuint)content.Length);

    /// <summary>The bytes of a field, valid while the image lives; empty when it has none.</summary>
    public unsafe ReadOnlySpan<byte> GetBytes(string field) =>
        Has(field) && VipsNative.ImageGetBlob(Handle, field, out var content, out var length) == 0
            ? new ReadOnlySpan<byte>((void*)content, checked((int)length))
            : default;

    /// <summary>Runs the recipe: this is where a picture is decoded.</summary>
    /// <exception cref="VipsException">The file is damaged, or its pixels take more than 2 GiB.</exception>
    public VipsPixels ReadPixels()
    {
        // Asked before libvips takes the memory; samples of more than one byte show only in the length.
        if ((long)Width * Height * Bands > int.MaxValue)
            throw TooLong();
        var memory = VipsNative.ImageToMemory(Handle, out var length);
        if (memory == 0)
            throw VipsException.FromErrorBuffer("decode");
        if (length <= int.MaxValue)
            return new VipsPixels(memory, (int)length, Width, Height, Bands);
        VipsNative.Free(memory);
        throw TooLong();
    }

    private static VipsException TooLong() => new("the picture exceeds the maximum of 2 GiB of pixels");

    public void Dispose()
    {
        if (_handle == 0)
            return;
        VipsNative.ObjectUnref(_handle);
        _handle = 0;
    }
}
