using Vitrine.Decoding.Confinement;

namespace Vitrine.Decoding;

/// <summary>
/// The first frame each way. It begins with u32 "VITR" and u32 version, so that programs of different versions part with a clear word.
/// The server's goes on with i64 pixel limit and i64 memory limit in bytes; the decoder's with the text of its libvips version and with what confines it:
/// u8 set (1 no new privileges, 2 no capabilities, 4 cannot write, 8 filtered, 16 no file size), i64 memory bytes, -1 for no limit, i32 out-of-memory preference,
/// text names of its variables, with spaces.
/// </summary>
internal static class DecoderHello
{
    public const int Version = 2;
    private const int Magic = 0x52544956;
    private const int NoNewPrivileges = 1, NoCapabilities = 2, CannotWrite = 4, Filtered = 8, NoFileSize = 16;

    public static DecoderFrame Write(long pixelLimit, long itemMemoryLimit) =>
        new(FrameKind.Hello, 0, Start().Int64(pixelLimit).Int64(itemMemoryLimit).Written);

    public static DecoderFrame WriteAnswer(string libraryVersion, DecoderConfinement confinement)
    {
        var set = (confinement.HasNoNewPrivileges ? NoNewPrivileges : 0) | (confinement.HasNoCapabilities ? NoCapabilities : 0)
            | (confinement.CannotWrite ? CannotWrite : 0) | (confinement.IsFiltered ? Filtered : 0) | (confinement.HasNoFileSize ? NoFileSize : 0);
        return new(FrameKind.HelloAnswer, 0, Start().Text(libraryVersion).Byte((byte)set).Int64(confinement.MemoryBytes ?? -1)
            .Int32(confinement.OutOfMemoryPreference).Text(string.Join(' ', confinement.Variables)).Written);
    }

    /// <exception cref="DecoderProtocolException">Not a hello of this version.</exception>
    public static (long PixelLimit, long ItemMemoryLimit) Read(DecoderFrame? frame)
    {
        var reader = Check(frame, FrameKind.Hello);
        var limits = (reader.Int64(), reader.Int64());
        reader.End();
        return limits;
    }

    /// <returns>The decoder's libvips version, and what confines it.</returns>
    /// <exception cref="DecoderProtocolException">Not an answer of this version.</exception>
    public static (string LibraryVersion, DecoderConfinement Confinement) ReadAnswer(DecoderFrame? frame)
    {
        var reader = Check(frame, FrameKind.HelloAnswer);
        var (version, set, memory) = (reader.Text(), reader.Byte(), reader.Int64());
        var confinement = new DecoderConfinement
        {
            HasNoNewPrivileges = (set & NoNewPrivileges) != 0,
            HasNoCapabilities = (set & NoCapabilities) != 0,
            CannotWrite = (set & CannotWrite) != 0,
            IsFiltered = (set & Filtered) != 0,
            HasNoFileSize = (set & NoFileSize) != 0,
            MemoryBytes = memory < 0 ? null : memory,
            OutOfMemoryPreference = reader.Int32(),
            Variables = reader.Text().Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
        reader.End();
        return (version, confinement);
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
