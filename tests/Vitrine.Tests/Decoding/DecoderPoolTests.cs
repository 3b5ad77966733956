using System.Diagnostics;
using Vitrine.Decoding;
using Vitrine.Images.Vips;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Decoding;

[Collection(nameof(ProcessTests))]
public sealed class DecoderPoolTests : IDisposable
{
    /// <summary>One decoder, and limits that only end what hangs.</summary>
    private static readonly DecoderOptions s_one = new() { Processes = 1, ItemTimeLimit = Patience.Limit, StartTimeLimit = Patience.Limit };

    /// <summary>One decoder, and limits that a test can tell from each other.</summary>
    private static readonly DecoderOptions s_limits = new() { Processes = 1, ItemTimeLimit = TimeSpan.FromMinutes(1), StartTimeLimit = TimeSpan.FromMinutes(5) };

    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Inspect_Photograph_GivesEverything()
    {
        var path = _pictures.Jpeg("one.jpg", 400, 300);
        await using var pool = new DecoderPool(s_one);

        var inspection = await pool.InspectAsync(new InspectRequest(path), Cancelled);

        Assert.Null(inspection.Failure);
        Assert.Equal(new("jpeg", 400, 300, 1, 1), inspection.Header);
        Assert.Equal(new FileInfo(path).Length, inspection.Identity!.Size);
        Assert.Equal((320, 240), (inspection.Thumbnail!.Width, inspection.Thumbnail.Height));
        Assert.Equal(1, pool.Statistics.Items);
        Assert.InRange(Assert.Single(pool.Statistics.ResidentBytes), 1 << 20, 250 << 20);
    }

    [Fact]
    public async Task Inspect_ManyAtOnce_AnswersEachItsOwn()
    {
        var paths = Enumerable.Range(1, 40).Select(i => _pictures.Png($"{i}.png", i, 2 * i)).ToArray();
        await using var pool = new DecoderPool(s_one with { Processes = 2 });

        var inspections = await Task.WhenAll(paths.Select(path => pool.InspectAsync(new InspectRequest(path), Cancelled)));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => (i, 2 * i)), inspections.Select(i => (i.Header!.Width, i.Header.Height)));
        Assert.Equal(40, pool.Statistics.Items);
    }

    /// <summary>For the second one no process is even tried to be made, as where the system lets the server have no further thread.</summary>
    [Theory]
    [InlineData("/nowhere/dotnet")]
    [InlineData("")]
    public async Task Inspect_ProgramThatCannotBeStarted_BlamesNoFileAndGoesOnAsking(string program)
    {
        var path = _pictures.Jpeg("a.jpg", 10, 10);
        await using var pool = new DecoderPool(s_one, new DecoderCommand(program, []));

        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<DecoderStartException>(() => pool.InspectAsync(new InspectRequest(path), Cancelled));
            Assert.Contains($"{program} cannot be started", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Inspect_ProgramThatComesLater_SaysWhyUntilItCanBeStarted()
    {
        var path = _pictures.Jpeg("a.jpg", 10, 10);
        var program = _pictures.PathOf("decoder");
        await using var pool = new DecoderPool(s_one with { Processes = 2 }, new DecoderCommand(program, []));
        Assert.Null(pool.StartFailureOrNull); // nobody needed one yet

        var error = await Assert.ThrowsAsync<DecoderStartException>(() => pool.InspectAsync(new InspectRequest(path), Cancelled));
        Assert.Equal(error.Message, pool.StartFailureOrNull);
        WriteScript(program);

        Assert.NotNull((await pool.InspectAsync(new InspectRequest(path), Cancelled)).Thumbnail);
        Assert.Null(pool.StartFailureOrNull);
    }

    [Fact]
    public async Task Inspect_ManyFirstUsesAtOnce_StartEachDecoderOnce()
    {
        var path = _pictures.Png("a.png", 8, 8);
        await using var pool = new DecoderPool(s_one with { Processes = 2 });
        Assert.Equal(0, pool.Statistics.Starts); // nothing is started before it is needed

        await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => pool.InspectAsync(new InspectRequest(path), Cancelled))));

        Assert.InRange(pool.Statistics.Starts, 1, 2);
        Assert.Equal((0, 24), (pool.Statistics.Restarts, pool.Statistics.Items));
    }

    [Fact]
    public async Task Render_Picture_FitsAndIsNeverEnlarged()
    {
        var path = _pictures.Jpeg("a.jpg", 1000, 500);
        await using var pool = new DecoderPool(s_one);

        var preview = await pool.RenderAsync(new RenderRequest(path, 700), Cancelled);
        var whole = await pool.RenderAsync(new RenderRequest(path, 1440), Cancelled);
        var none = await pool.RenderAsync(new RenderRequest(_pictures.Text("a.txt", "text"), 1440), Cancelled);

        Assert.Equal((700, 350), Dimensions(preview.WebP!));
        Assert.Equal((1000, 500), Dimensions(whole.WebP!));
        Assert.Null(none.WebP);
        Assert.StartsWith("not a picture: ", none.Failure!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_FormatOnlyTheSystemReads_IsGivenToItOrRefusedClearly()
    {
        // A black JPEG XL picture of 8 x 6, as libjxl 0.7 writes it.
        var path = _pictures.Bytes("a.jxl", Convert.FromHexString("FF0A28B00101A80093610900800A9551C60D5ECEF57CF9A1C362DAC67586B6DAB6B084B1D95E18242494126C83616CA19204"));
        await using var pool = new DecoderPool(s_one);

        var inspection = await pool.InspectAsync(new InspectRequest(path), Cancelled);

        if (inspection.Header is { } header)
            Assert.Equal(("jxl", 8, 6), (header.Format, header.Width, header.Height));
        else
            Assert.StartsWith("not supported: ", inspection.Failure!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_PictureThatOnlyImageMagickReads_IsGivenToItInAProcessOfItsOwn()
    {
        var lab = _pictures.Bytes("lab.tif", SampleTiffs.Lab());
        var cut = _pictures.Bytes("cut.tif", SampleTiffs.Lab(rows: 3));
        await using var pool = new DecoderPool(s_one);

        var inspection = await pool.InspectAsync(new InspectRequest(lab), Cancelled);
        var preview = await pool.RenderAsync(new RenderRequest(lab, 1440), Cancelled);
        var failed = await pool.InspectAsync(new InspectRequest(cut), Cancelled);

        Assert.True(inspection is { Failure: null, Warning: null, Header: { Format: "tiff", Width: 40 } }, $"{inspection.Failure}");
        Assert.Equal((40, 30), Dimensions(preview.WebP!));
        Assert.NotNull(failed.Failure);
        Assert.Equal(failed.Failure, (await pool.InspectAsync(new InspectRequest(cut), Cancelled)).Failure);
        Assert.Equal(0, pool.Statistics.Restarts);
    }

    /// <summary>The first libvips does not support it, the system's dies at it: it is ImageMagick's, and dies for good only if that one does not read it either.</summary>
    [Fact]
    public async Task Inspect_FileThatKillsTheSystemsLibvips_IsGivenToImageMagick()
    {
        var (good, bad) = (_pictures.Bytes("good.tif", SampleTiffs.Lab()), _pictures.Bytes("bad.tif", SampleTiffs.WithoutPhotometric()));
        var command = DecoderCommand.ForThisProgram();
        await using var pool = new DecoderPool(s_one, new DecoderCommand(
            "/bin/sh",
            ["-c", $"[ -z \"${VipsLibrary.Variable}\" ] || export {DecoderFaults.Variable}=crash:good.tif,crash:bad.tif; exec \"$0\" \"$@\"", command.FileName, .. command.Arguments]));

        var inspection = await pool.InspectAsync(new InspectRequest(good), Cancelled);

        Assert.True(inspection is { Failure: null, Header: { Format: "tiff", Width: 40 } }, $"{inspection.Failure}");
        var second = await Record.ExceptionAsync(() => pool.InspectAsync(new InspectRequest(bad), Cancelled));
        if (pool.Statistics.Restarts > 1) // else the system has no libvips
            Assert.IsType<DecoderCrashedException>(second);
    }

    [Fact]
    public async Task Inspect_FileThatCrashesTheDecoder_FailsAloneAndTheRestGoesOn()
    {
        var paths = Enumerable.Range(0, 12).Select(i => _pictures.Jpeg(i == 3 ? "bad.jpg" : $"{i}.jpg", 40, 30, i)).ToArray();
        await using var pool = new DecoderPool(s_one, Faulty("crash:bad.jpg"));

        var inspections = paths.Select(path => pool.InspectAsync(new InspectRequest(path), Cancelled)).ToArray();

        var crash = await Assert.ThrowsAsync<DecoderCrashedException>(() => inspections[3]);
        Assert.Contains("exit code", crash.Message, StringComparison.Ordinal);
        foreach (var inspection in inspections.Where((_, i) => i != 3))
            Assert.NotNull((await inspection).Thumbnail);
        Assert.Equal((1, 11), (pool.Statistics.Restarts, pool.Statistics.Items));
    }

    [Fact]
    public async Task Inspect_FileThatHangsTheDecoder_IsKilledAfterItsTime()
    {
        var (bad, good) = (_pictures.Jpeg("bad.jpg", 40, 30), _pictures.Jpeg("good.jpg", 40, 30));
        var time = new ManualTime();
        await using var pool = new DecoderPool(s_limits, Faulty("hang:bad.jpg"), time);

        var hanging = pool.InspectAsync(new InspectRequest(bad), Cancelled);
        var waiting = pool.InspectAsync(new InspectRequest(good), Cancelled);
        await time.TimerOfAsync(s_limits.ItemTimeLimit / 2); // the decoder has started
        time.Advance(s_limits.ItemTimeLimit / 2);
        await time.TimerOfAsync(s_limits.ItemTimeLimit / 2);
        time.Advance(s_limits.ItemTimeLimit / 2);

        await Assert.ThrowsAsync<DecoderTimedOutException>(() => hanging);
        Assert.NotNull((await waiting).Thumbnail);
        Assert.Equal(1, pool.Statistics.Restarts);
    }

    [Fact]
    public async Task Inspect_DecoderThatNeverSaysHello_IsKilledAfterTheTimeThatAStartMayTake()
    {
        var time = new ManualTime();
        await using var pool = new DecoderPool(s_limits, new DecoderCommand("sleep", ["1d"]), time);

        var waiting = pool.InspectAsync(new InspectRequest(_pictures.Png("a.png", 4, 4)), Cancelled);
        Assert.Equal(s_limits.StartTimeLimit / 2, await time.NextTimerAsync());
        time.Advance(s_limits.ItemTimeLimit);
        Assert.False(waiting.IsCompleted); // that limit is another one
        time.Advance((s_limits.StartTimeLimit / 2) - s_limits.ItemTimeLimit);
        await time.TimerOfAsync(s_limits.StartTimeLimit / 2);
        Assert.False(waiting.IsCompleted);
        time.Advance(s_limits.StartTimeLimit / 2);

        await Assert.ThrowsAsync<DecoderStartException>(() => waiting);
        Assert.Equal(0, pool.Statistics.Processes);
    }

    [Fact]
    public async Task Inspect_DecoderThatAnswersGarbage_IsReplaced()
    {
        var (bad, good) = (_pictures.Jpeg("bad.jpg", 40, 30), _pictures.Jpeg("good.jpg", 40, 30));
        await using var pool = new DecoderPool(s_one, Faulty("lie:bad.jpg"));

        var lie = await Assert.ThrowsAsync<DecoderCrashedException>(() => pool.InspectAsync(new InspectRequest(bad), Cancelled));

        Assert.Contains("bytes", lie.Message, StringComparison.Ordinal);
        Assert.NotNull((await pool.InspectAsync(new InspectRequest(good), Cancelled)).Thumbnail);
    }

    [Fact]
    public async Task Inspect_MoreFilesThanADecoderMayDo_RecyclesIt()
    {
        var path = _pictures.Png("a.png", 8, 8);
        await using var pool = new DecoderPool(s_one with { RecycleAfter = 5 });

        for (var i = 0; i < 12; i++)
            Assert.Null((await pool.InspectAsync(new InspectRequest(path), Cancelled)).Failure);

        Assert.Equal((2, 0, 12), (pool.Statistics.Recycled, pool.Statistics.Restarts, pool.Statistics.Items));
    }

    [Fact]
    public async Task Inspect_DecoderPastItsMemoryLimit_IsRecycled()
    {
        var path = _pictures.Png("a.png", 8, 8);
        // Less than any decoder needs: each is replaced after one file.
        await using var pool = new DecoderPool(s_one with { MemoryLimit = 1 << 20 });

        for (var i = 0; i < 3; i++)
            Assert.Null((await pool.InspectAsync(new InspectRequest(path), Cancelled)).Failure);

        // The third one is ended when its answer has been given, which may be now.
        Assert.InRange(pool.Statistics.Recycled, 2, 3);
        Assert.Equal(0, pool.Statistics.Restarts);
    }

    [Fact]
    public async Task Inspect_Cancelled_LeavesThePoolWorking()
    {
        var path = _pictures.Jpeg("a.jpg");
        await using var pool = new DecoderPool(s_one);
        using var source = new CancellationTokenSource();

        var first = Enumerable.Range(0, 8).Select(_ => pool.InspectAsync(new InspectRequest(path), source.Token)).ToArray();
        await source.CancelAsync();

        foreach (var task in first)
        {
            if (await Record.ExceptionAsync(() => task.OrTooLateAsync()) is { } ended)
                Assert.IsAssignableFrom<OperationCanceledException>(ended); // some may have been faster than the cancel
        }

        Assert.NotNull((await pool.InspectAsync(new InspectRequest(path), Cancelled)).Thumbnail);
    }

    [Fact]
    public async Task Dispose_WhileWorking_CancelsAndEndsTheProcesses()
    {
        var path = _pictures.Jpeg("bad.jpg", 40, 30);
        var pool = new DecoderPool(s_one, Faulty("hang:bad.jpg"));
        var hanging = pool.InspectAsync(new InspectRequest(path), Cancelled);

        await pool.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.Equal(0, pool.Statistics.Processes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.InspectAsync(new InspectRequest(path), Cancelled));
    }

    [Fact]
    public async Task Inspect_CommandThatIsNoDecoder_FailsClearly()
    {
        await using var pool = new DecoderPool(s_one, new DecoderCommand("/bin/echo", ["I am not a decoder"]));

        var crash = await Assert.ThrowsAsync<DecoderStartException>(() => pool.InspectAsync(new InspectRequest(_pictures.Png("a.png", 4, 4)), Cancelled));

        Assert.StartsWith("A decoder could not be started (/bin/echo", crash.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decoder_ServerGoneInTheMiddleOfAFile_EndsItself()
    {
        var path = _pictures.Jpeg("bad.jpg", 40, 30);
        var command = Faulty("hang:bad.jpg");
        var start = new ProcessStartInfo(command.FileName, command.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var decoder = Process.Start(start)!;
        var (input, output) = (decoder.StandardInput.BaseStream, decoder.StandardOutput.BaseStream);

        DecoderHello.Write(500_000_000, 1L << 30).Write(input);
        DecoderHello.ReadAnswer(await DecoderFrame.ReadOrNullAsync(output, Cancelled));
        new DecoderFrame(FrameKind.Inspect, 0, DecoderMessages.Write(new InspectRequest(path), 320, new(80, 2))).Write(input);
        // What the end of the server does: the kernel closes its end of the pipe.
        decoder.StandardInput.Close();

        await decoder.WaitForExitAsync(Cancelled).OrTooLateAsync();
    }

    /// <summary>A script that becomes the real program.</summary>
    private static void WriteScript(string path)
    {
        var command = DecoderCommand.ForThisProgram();
        // Renamed into its place: a file that another thread's child still holds open for writing cannot be started.
        File.WriteAllText($"{path}.new", $"#!/bin/sh\nexec '{command.FileName}' {string.Join(' ', command.Arguments.Select(argument => $"'{argument}'"))}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode($"{path}.new", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.Move($"{path}.new", path);
    }

    /// <summary>The real program with a fault switched on for it alone.</summary>
    private static DecoderCommand Faulty(string faults)
    {
        var command = DecoderCommand.ForThisProgram();
        return new DecoderCommand("/usr/bin/env", [$"{DecoderFaults.Variable}={faults}", command.FileName, .. command.Arguments]);
    }

    private static (int Width, int Height) Dimensions(byte[] webp)
    {
        // A simple lossy WebP: 14 bits each at byte 26.
        return ((webp[26] | (webp[27] << 8)) & 0x3FFF, (webp[28] | (webp[29] << 8)) & 0x3FFF);
    }
}
