using Vitrine.Decoding;
using Vitrine.Images.Vips;
using Xunit;

namespace Vitrine.Tests.Images;

/// <summary>Counts libvips' objects, which belong to the whole process: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(nameof(AloneInTheProcess))]
public sealed class VipsLeakTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Inspect_TwoThousandThumbnails_LeavesNothingBehind()
    {
        string[] paths =
        [
            _pictures.Jpeg("a.jpg", 60, 40), _pictures.Png("a.png", 60, 40, transparent: true), _pictures.Truncated("c.jpg", _pictures.Jpeg("d.jpg", 60, 40)),
            _pictures.Jpeg("e.jpg", 160, 140, orientation: 6), _pictures.AnimatedGif("f.gif", 30, 20),
        ];
        var cmyk = _pictures.CmykJpeg("b.jpg", 60, 40);
        using var inspector = new FileInspector(500_000_000);
        var before = (VipsLibrary.CountLiveObjects(), VipsNative.TrackedAllocations());

        for (var i = 0; i < 2000; i++)
            inspector.Inspect(new InspectRequest(i % 100 == 0 ? cmyk : paths[i % paths.Length]), 32, new(80, 0));

        Assert.Equal(before, (VipsLibrary.CountLiveObjects(), VipsNative.TrackedAllocations()));
    }
}
