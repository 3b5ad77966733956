using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vitrine.Decoding;
using Vitrine.Decoding.Confinement;
using Vitrine.Images.Vips;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Decoding.Confinement;

/// <summary>A real decoder that tries what it may not do; nothing else of these tests knows how it is kept from it.</summary>
[Collection(nameof(ProcessTests))]
public sealed class ConfinedDecoderTests : IDisposable
{
    private const long FileMemory = 600L << 20;

    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Decoder_ThatTriesToEscape_IsRefusedAllOfItAndDecodesOn(bool systemsLibrary)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "decoders are confined on Linux");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var bait = _pictures.Text("bait", ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        string[] sound = [_pictures.Jpeg("a.jpg"), _pictures.ProgressiveJpeg("p.jpg"), _pictures.InterlacedPng("a.png"), _pictures.WebP("a.webp"), _pictures.Tiff("a.tif"),
            _pictures.Text("a.svg", """<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><text y="40">text</text></svg>""")];
        var options = new DecoderOptions { Processes = 1, ItemTimeLimit = Patience.Limit, StartTimeLimit = Patience.Limit, ItemMemoryLimit = FileMemory };
        await using var pool = new DecoderPool(options, Escaping(systemsLibrary));

        var attempts = await TryAllAsync(pool, bait);

        Assert.Equal(21, attempts.Length);
        Assert.All(
            attempts.Where(attempt => Landlock.Version > 0 || !attempt.StartsWith("read the server's environment", StringComparison.Ordinal)),
            attempt => Assert.EndsWith(": refused", attempt, StringComparison.Ordinal));
        Assert.False(listener.Pending());
        Assert.Equal(sound.Append(bait).Order(), Directory.GetFileSystemEntries(_pictures.Folder).Order());
        foreach (var path in sound)
            Assert.NotNull((await pool.InspectAsync(new InspectRequest(path), Cancelled)).Thumbnail);
        Assert.Equal(1, pool.Statistics.Starts);

        var confinement = pool.ConfinementOrNull!;
        Assert.True(confinement is { HasNoNewPrivileges: true, HasNoCapabilities: true, IsFiltered: true, HasNoFileSize: true, OutOfMemoryPreference: >= 500 });
        Assert.Equal(Landlock.Version > 0, confinement.CannotWrite);
        Assert.InRange(confinement.MemoryBytes!.Value, FileMemory, FileMemory + (1L << 30));
        Assert.DoesNotContain("HOME", confinement.Variables);
    }

    private static async Task<string[]> TryAllAsync(DecoderPool pool, string bait)
    {
        try
        {
            return (await pool.InspectAsync(new InspectRequest(bait), Cancelled)).Failure!.Reason.Split("; ");
        }
        catch (DecoderStartException exception) when (exception.Message.Contains(VipsLibrary.SystemName, StringComparison.Ordinal))
        {
            Assert.Skip("This machine has no libvips of its own.");
            throw;
        }
    }

    private static DecoderCommand Escaping(bool systemsLibrary)
    {
        var command = DecoderCommand.ForThisProgram();
        var library = systemsLibrary ? VipsLibrary.SystemName : "";
        return new DecoderCommand(
            "/usr/bin/env", [$"{DecoderFaults.Variable}=escape:bait", $"{VipsLibrary.Variable}={library}", command.FileName, .. command.Arguments]);
    }
}
