namespace Vitrine.Images.Vips;

/// <summary>Decoded eight-bit samples in libvips' memory: row-major, interleaved, no padding.</summary>
internal sealed class VipsPixels(nint memory, int length, int width, int height, int bands) : IDisposable
{
    private nint _memory = memory;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (straight, not premultiplied).</summary>
    public int Bands { get; } = bands;

    public unsafe ReadOnlySpan<byte> Span => _memory != 0
        ? new ReadOnlySpan<byte>((void*)_memory, length)
        : throw new ObjectDisposedException(nameof(VipsPixels));

    /// <summary>An image over these pixels, which must outlive it.</summary>
    public VipsImage AsImage() => VipsImage.FromPixels(_memory, length, Width, Height, Bands);

    public void Dispose()
    {
        if (_memory == 0)
            return;
        VipsNative.Free(_memory);
        _memory = 0;
    }
}
