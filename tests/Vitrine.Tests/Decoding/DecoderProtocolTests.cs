using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Decoding;
using Vitrine.Decoding.Confinement;
using Vitrine.Images;
using Xunit;

namespace Vitrine.Tests.Decoding;

[Collection(nameof(OneErrorBuffer))]
public sealed class DecoderProtocolTests
{
    [Fact]
    public void Frame_WrittenThenRead_IsTheSame() => Prop.ForAll<uint, byte[]>((id, payload) =>
    {
        using var pipe = new MemoryStream();
        new DecoderFrame(FrameKind.Render, id, payload ?? []).Write(pipe);
        pipe.Position = 0;
        var read = DecoderFrame.ReadOrNull(pipe)!.Value;
        return read.Kind == FrameKind.Render && read.Id == id && read.Payload.Span.SequenceEqual(payload ?? []) && DecoderFrame.ReadOrNull(pipe) is null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Frame_AnyBytes_AreReadOrRefused() => Prop.ForAll<byte[]>(bytes =>
    {
        using var pipe = new MemoryStream(bytes ?? []);
        return OnlyRefuses(() => DecoderFrame.ReadOrNull(pipe));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Messages_AnyBytes_AreReadOrRefused() => Prop.ForAll<byte[]>(payload =>
    {
        payload ??= [];
        return OnlyRefuses(() => DecoderMessages.ReadInspect(payload)) && OnlyRefuses(() => DecoderMessages.ReadRender(payload))
            && OnlyRefuses(() => DecoderMessages.ReadPixels(payload)) && OnlyRefuses(() => DecoderMessages.ReadInspectAnswer(payload))
            && OnlyRefuses(() => DecoderMessages.ReadRenderAnswer(payload)) && OnlyRefuses(() => DecoderMessages.ReadPixelsAnswer(payload));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void InspectAnswer_CutAnywhere_IsRefused()
    {
        var whole = DecoderMessages.WriteAnswer(1, Full()).ToArray();

        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<DecoderProtocolException>(() => DecoderMessages.ReadInspectAnswer(whole.AsSpan(0, length)));
        Assert.Throws<DecoderProtocolException>(() => DecoderMessages.ReadInspectAnswer([.. whole, 0]));
    }

    [Fact]
    public void InspectAnswer_WithAnyParts_IsTheSameAfterwards() => Prop.ForAll<byte>(parts =>
    {
        var full = Full();
        var inspection = new Inspection
        {
            Identity = (parts & 1) != 0 ? full.Identity : null,
            Header = (parts & 2) != 0 ? full.Header : null,
            Metadata = (parts & 4) != 0 ? full.Metadata : null,
            Thumbnail = (parts & 8) != 0 ? full.Thumbnail : null,
            Warning = (parts & 16) != 0 ? full.Warning : null,
            Failure = (parts & 32) != 0 ? full.Failure : null,
        };
        var (resident, read) = DecoderMessages.ReadInspectAnswer(DecoderMessages.WriteAnswer(42, inspection).Span);
        // Records compare arrays by reference: writing again compares all of it by value.
        return resident == 42 && DecoderMessages.WriteAnswer(42, read).Span.SequenceEqual(DecoderMessages.WriteAnswer(42, inspection).Span)
            && read.Header == inspection.Header && read.Warning == inspection.Warning && read.Failure == inspection.Failure && read.Metadata?.CapturedAt == inspection.Metadata?.CapturedAt;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void InspectRequest_AnyPath_IsTheSameAfterwards() => Prop.ForAll<NonNull<string>, string>((path, sidecar) =>
    {
        // Lone surrogates have no UTF-8 form; file names from the disk never hold them.
        var request = new InspectRequest(Clean(path.Get)!, Clean(sidecar), FileKind.Model);
        var read = DecoderMessages.ReadInspect(DecoderMessages.Write(request, 320, new(80, 2)).Span);
        return read.Request == request && read.LongSide == 320 && read.Encoding == new WebPEncoding(80, 2);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void PixelsAnswer_Mixed_KeepsOrder()
    {
        PixelsResult[] results = [new([1, 2, 3], null), new(null, new DecodeFailure("gone: x", true)), new([], null)];

        var read = DecoderMessages.ReadPixelsAnswer(DecoderMessages.WriteAnswer(7, results).Span).Results;

        Assert.Equal([1, 2, 3], read[0].Rgb!);
        Assert.Equal(results[1], read[1]);
        Assert.Equal([], read[2].Rgb!);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    [InlineData((uint)DecoderFrame.MaxLength + 1)]
    [InlineData(uint.MaxValue)]
    public void Read_AbsurdLength_IsRefusedBeforeAnythingIsAllocated(uint length)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, length);

        var error = Assert.Throws<DecoderProtocolException>(() => DecoderFrame.ReadOrNull(new MemoryStream(bytes)));

        Assert.Contains($"{length} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownKind_IsRefused() =>
        Assert.Throws<DecoderProtocolException>(() => DecoderFrame.ReadOrNull(new MemoryStream([5, 0, 0, 0, 99, 0, 0, 0, 0])));

    [Fact]
    public void Hello_OfAnotherVersion_IsRefusedByNumber()
    {
        var bytes = DecoderHello.WriteAnswer("8.18.7", new DecoderConfinement()).Payload.ToArray();
        bytes[4] = 9;

        var error = Assert.Throws<DecoderProtocolException>(() => DecoderHello.ReadAnswer(new DecoderFrame(FrameKind.HelloAnswer, 0, bytes)));

        Assert.Equal("The other side speaks version 9 of the decoder protocol, this one speaks 2.", error.Message);
    }

    [Fact]
    public void HelloAnswer_WithAnyMeasures_IsTheSameAfterwards() => Prop.ForAll<byte, int, uint>((set, preference, memory) =>
    {
        var confinement = new DecoderConfinement
        {
            HasNoNewPrivileges = (set & 1) != 0,
            HasNoCapabilities = (set & 2) != 0,
            CannotWrite = (set & 4) != 0,
            IsFiltered = (set & 8) != 0,
            HasNoFileSize = (set & 16) != 0,
            MemoryBytes = (set & 32) != 0 ? memory : null,
            OutOfMemoryPreference = preference,
            Variables = ["LANG", "PATH"],
        };
        var (version, read) = DecoderHello.ReadAnswer(DecoderHello.WriteAnswer("8.18.7", confinement));
        return version == "8.18.7" && read.Variables.SequenceEqual(confinement.Variables) && read with { Variables = confinement.Variables } == confinement;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Run_RequestsInAStream_AnswersAllInOrder()
    {
        using var pictures = new Images.SamplePictures();
        using var input = new MemoryStream();
        DecoderHello.Write(500_000_000, 1L << 30).Write(input);
        for (var i = 1; i <= 3; i++)
            new DecoderFrame(FrameKind.Inspect, (uint)i, DecoderMessages.Write(new InspectRequest(pictures.Png($"{i}.png", i, i)), 320, new(80, 2))).Write(input);
        input.Position = 0;
        using var output = new MemoryStream();

        Assert.Equal(0, DecoderProgram.Run(input, output));

        output.Position = 0;
        DecoderHello.ReadAnswer(DecoderFrame.ReadOrNull(output));
        for (var i = 1; i <= 3; i++)
        {
            var answer = DecoderFrame.ReadOrNull(output)!.Value;
            Assert.Equal((uint)i, answer.Id);
            Assert.Equal(i, DecoderMessages.ReadInspectAnswer(answer.Payload.Span).Inspection.Header!.Width);
        }
        Assert.Null(DecoderFrame.ReadOrNull(output));
    }

    [Fact]
    public void Run_GarbageInsteadOfHello_EndsWithAnError() =>
        Assert.Equal(3, DecoderProgram.Run(new MemoryStream("GET / HTTP/1.1\r\n\r\n"u8.ToArray()), Stream.Null));

    private static Inspection Full() => new()
    {
        Identity = new FileIdentity(new byte[32], new byte[16], 123),
        Header = new PictureHeader("jpeg", 4, 3, 6, 1),
        Metadata = new PictureMetadata { CapturedAt = new Vitrine.Storage.WallTime(new DateTime(2024, 5, 6, 7, 8, 9), TimeSpan.FromHours(2)), Keywords = ["a", "ü"], Rating = -1, Latitude = 47.5 },
        Thumbnail = new PictureRendition([1, 2, 3], 4, 3, 0x123456, new byte[32]),
        Warning = "ends early: x",
        Failure = new DecodeFailure("not supported: x", false, IsDoubtful: true),
    };

    private static bool OnlyRefuses<T>(Func<T> read)
    {
        try
        {
            read();
            return true;
        }
        catch (DecoderProtocolException)
        {
            return true;
        }
    }

    private static string? Clean(string? text) =>
        text is null ? null : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
