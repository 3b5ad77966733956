using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>Files of the same size and time: those that were edited are read anew, those that were only touched are not.</summary>
[Collection(nameof(ProcessTests))]
public sealed class TouchedFilesTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Rescan_EditThatKeepsSizeAndTime_ReadsThePictureAgain()
    {
        var (edited, touched) = (_pictures.Bmp("edited.bmp", 60, 40, seed: 1), _pictures.Bmp("kept.bmp", 60, 40, seed: 2));
        await using var engine = await Engine.StartAsync();
        var library = await engine.ImportAsync(_pictures.Folder);
        var before = engine.Assets(library);

        Edit(edited, _pictures.Bmp("other.bmp", 60, 40, seed: 3));
        await Shell.RunAsync(@"chmod 600 ""$1""", touched);
        File.Delete(Path.Join(_pictures.Folder, "other.bmp"));
        await engine.RescanAsync(library);

        Assert.Equal("0 added, 1 changed, 0 moved, 0 removed, 0 skipped", (await engine.ScannedAsync(library)).Message);
        var after = engine.Assets(library);
        Assert.Equal((before["edited.bmp"].Id, AssetStatus.Ready), (after["edited.bmp"].Id, after["edited.bmp"].Status));
        Assert.NotEqual(before["edited.bmp"].Sha256, after["edited.bmp"].Sha256);
        Assert.Equal(before["kept.bmp"].Sha256, after["kept.bmp"].Sha256);

        await engine.RescanAsync(library);
        Assert.Equal("0 added, 0 changed, 0 moved, 0 removed, 0 skipped", (await engine.ScannedAsync(library)).Message);
        engine.AssertCountersAreTrue();
    }

    /// <summary>Writes the other file's bytes into it and puts its time back.</summary>
    private static void Edit(string file, string other)
    {
        var before = FileFacts.OfOrNull(file)!.Value;
        var modified = File.GetLastWriteTimeUtc(file);
        do // until the clock of the file system has gone on
        {
            File.WriteAllBytes(file, File.ReadAllBytes(other));
            File.SetLastWriteTimeUtc(file, modified);
        }
        while (FileFacts.OfOrNull(file)!.Value.ChangedAt == before.ChangedAt);
    }
}
