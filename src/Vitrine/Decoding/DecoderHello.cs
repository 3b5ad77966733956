namespace Vitrine.Decoding;

/// <summary>
/// The first frame each way. It begins with u32 "VITR" and u32 version, so that programs of different versions part with a clear word.
/// The server's goes on with i64 pixel limit and i64 memory limit in bytes; the decoder's with the text of its libvips version.
/// </summary>
internal static class DecoderHello
{
    public const int Version = 1;
    private const int Magic = 0x52544956;

    public static DecoderFrame Write(long pixelLimit, long itemMemoryLimit) =>
        new(FrameKind.Hello, 0, Start().Int64(pixelLimit).Int64(itemMemoryLimit).Written);

    public static DecoderFrame WriteAnswer(string libraryVersion) => new(FrameKind.HelloAnswer, 0, Start().Text(libraryVersion).Written);

    /// <exception cref="DecoderProtocolException">Not a hello of this version.</exception>
    public static (long PixelLimit, long ItemMemoryLimit) Read(DecoderFrame? frame)
    {
        var reader = Check(frame, FrameKind.Hello);
        var limits = (reader.Int64(), reader.Int64());
        reader.End();
        return limits;
    }

    /// <returns>The decoder's libvips version.</returns>
    /// <exception cref="DecoderProtocolException">Not an answer of this version.</exception>
    public static string ReadAnswer(DecoderFrame? frame)
    {
        var reader = Check(frame, FrameKind.HelloAnswer);
        var version = reader.Text();
        reader.End();
        return version;
    }

    private static PayloadWriter Start() => new PayloadWriter().Int32(Magic).Int32(Version);

    private static PayloadReader Check(DecoderFrame? frame, FrameKind kind)
    {
        if (frame is not { } hello || hello.Kind != kind)
            throw new DecoderProtocolException(frame is null ? "The pipe ended before a hello." : $"{frame.Value.Kind} came where a hello was due.");
        var reader = new PayloadReader(hello.Payload.Span);
        if (reader.Int32() != Magic)
            throw new DecoderProtocolException("The other side does not speak the decoder protocol.");
        var version = reader.Int32();
        return version == Version
            ? reader
            : throw new DecoderProtocolException($"The other side speaks version {version} of the decoder protocol, this one speaks {Version}.");
    }
}
