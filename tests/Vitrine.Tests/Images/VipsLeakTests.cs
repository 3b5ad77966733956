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

    /// <summary>
    /// A leak grows with every picture of its kind. What libvips holds a moment longer does not: threads that computed pixels keep some memory until they
    /// get something else to do or end, those of tests before this one as well, so that a count falls or rises by a few on its own.
    /// </summary>
    [Fact]
    public void Inspect_HundredsOfThumbnails_LeavesNothingBehind()
    {
        const int PicturesOfEachKind = 100;
        const int HeldByThreads = 50;
        string[] paths =
        [
            _pictures.Jpeg("a.jpg", 60, 40), _pictures.Png("a.png", 60, 40, transparent: true), _pictures.Truncated("c.jpg", _pictures.Jpeg("d.jpg", 60, 40)),
            _pictures.Jpeg("e.jpg", 160, 140, orientation: 6), _pictures.AnimatedGif("f.gif", 30, 20), _pictures.CmykJpeg("b.jpg", 60, 40),
        ];
        using var inspector = new FileInspector(500_000_000);
        var objects = VipsLibrary.CountLiveObjects();
        var allocations = VipsNative.TrackedAllocations();

        for (var i = 0; i < PicturesOfEachKind * paths.Length; i++)
            inspector.Inspect(new InspectRequest(paths[i % paths.Length]), 32, new(80, 0));

        Assert.True(VipsLibrary.CountLiveObjects() - objects < HeldByThreads, $"{objects} live objects before, {VipsLibrary.CountLiveObjects()} after");
        Assert.True(VipsNative.TrackedAllocations() - allocations < HeldByThreads, $"{allocations} allocations before, {VipsNative.TrackedAllocations()} after");
    }
}
