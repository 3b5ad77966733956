using System.Runtime.Versioning;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private const UnixFileMode
        OwnerMay = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
        AllMay = OwnerMay | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private string FullPath => _folder.File("data/of vitrine");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hold_MissingFolder_MakesItForThisPersonOnly()
    {
        using var held = DataFolder.Hold(FullPath);

        Assert.Equal(FullPath, held.FullPath);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(FullPath));
    }

    [Fact]
    public void Hold_HeldAlready_IsRefusedWithTheAddress()
    {
        using var held = DataFolder.Hold(FullPath);
        held.PublishAddress("http://127.0.0.1:7878");

        var refused = Assert.Throws<DataFolderException>(() => DataFolder.Hold(FullPath));

        Assert.Contains("http://127.0.0.1:7878", refused.Message, StringComparison.Ordinal);
        Assert.Contains(FullPath, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
        Assert.Equal("http://127.0.0.1:7878", DataFolder.AddressOrNull(FullPath));
    }

    [Fact]
    public void Hold_HeldButNotServingYet_IsRefusedWithoutAnAddress()
    {
        using var held = DataFolder.Hold(FullPath);

        Assert.DoesNotContain("serves", Assert.Throws<DataFolderException>(() => DataFolder.Hold(FullPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Holder_LetsGoAndTakesItsAddressAlong()
    {
        var held = DataFolder.Hold(FullPath);
        held.PublishAddress("http://127.0.0.1:7878");
        held.Dispose();

        Assert.Null(DataFolder.AddressOrNull(FullPath));
        DataFolder.Hold(FullPath).Dispose();
    }

    [Fact]
    public void Hold_LockWasDeletedWhileHeld_IsRefusedWithTheAddressAllTheSame()
    {
        if (OperatingSystem.IsWindows())
            return; // there it cannot be deleted
        using (var held = DataFolder.Hold(FullPath))
        {
            held.PublishAddress("http://127.0.0.1:7878");
            File.Delete(Path.Join(FullPath, "lock"));

            Assert.True(DataFolder.IsHeld(FullPath));
            Assert.Contains("http://127.0.0.1:7878", Assert.Throws<DataFolderException>(() => DataFolder.Hold(FullPath)).Message, StringComparison.Ordinal);
            Assert.Equal("http://127.0.0.1:7878", DataFolder.AddressOrNull(FullPath)); // who was refused took nothing along
        }

        Assert.False(DataFolder.IsHeld(FullPath));
        DataFolder.Hold(FullPath).Dispose();
    }

    [Fact]
    public void Hold_OpenToOthers_ClosesTheFolderAndItsFilesOnceAndSaysSo()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Fill(AllMay | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        using (var held = DataFolder.Hold(FullPath))
        {
            held.PublishAddress("http://127.0.0.1:7878");
            Assert.Contains($"The data folder {FullPath} was open to other users", held.Closed, StringComparison.Ordinal);
            Assert.Equal(OwnerMay, File.GetUnixFileMode(FullPath));
            Assert.Equal(OwnerMay, File.GetUnixFileMode(Path.Join(FullPath, "thumbnails")));
            foreach (var name in (string[])["vitrine.db", "vitrine.db-wal", "lock", "address"])
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Join(FullPath, name)));
        }

        using var again = DataFolder.Hold(FullPath);
        Assert.Null(again.Closed);
    }

    [Fact]
    public void Hold_FolderOfAGroupOrOfOtherThings_KeepsTheirRights()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Fill(AllMay | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.SetGroup);
        DataFolder.Hold(FullPath).Dispose();
        Assert.Equal(OwnerMay | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.SetGroup, File.GetUnixFileMode(FullPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Path.Join(FullPath, "vitrine.db")));

        // A home folder that was given as data folder by mistake, or with reason.
        var open = AllMay | UnixFileMode.OtherRead;
        Fill(open);
        File.WriteAllText(Path.Join(FullPath, "letter.txt"), "");
        File.SetUnixFileMode(Path.Join(FullPath, "letter.txt"), AllMay);
        using var held = DataFolder.Hold(FullPath);
        Assert.Contains("letter.txt", held.Closed, StringComparison.Ordinal);
        Assert.Equal((open, AllMay), (File.GetUnixFileMode(FullPath), File.GetUnixFileMode(Path.Join(FullPath, "letter.txt"))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Join(FullPath, "vitrine.db")));
    }

    /// <summary>Vitrine's own names are whole names: a person's begin like them by chance.</summary>
    [Fact]
    public void Hold_AmongAPersonsThings_ClosesNoneThatIsOnlyNamedAlike()
    {
        if (!OperatingSystem.IsLinux())
            return;
        string[] things = ["tmpshare", "address book", "locks", "previews-for-mum", "thumbnails.old", "access-tokens"];
        foreach (var thing in things)
            File.SetUnixFileMode(Directory.CreateDirectory(Path.Join(FullPath, thing)).FullName, AllMay);
        File.SetUnixFileMode(FullPath, AllMay);

        using var held = DataFolder.Hold(FullPath);

        foreach (var thing in things)
            Assert.Equal((thing, AllMay), (thing, File.GetUnixFileMode(Path.Join(FullPath, thing))));
        Assert.Equal(AllMay, File.GetUnixFileMode(FullPath)); // they are not Vitrine's
    }

    /// <summary>The folder they lie in may stay open: for what else is in it, or because it is a place that was given for them.</summary>
    [Fact]
    public void OpenDerived_MissingFolders_AreMadeForThisPersonOrTheGroupOnly()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var (name, mode, expected) in ((string, UnixFileMode, UnixFileMode)[])[("own", AllMay, OwnerMay), ("group", AllMay | UnixFileMode.SetGroup, OwnerMay | UnixFileMode.GroupRead | UnixFileMode.GroupExecute)])
        {
            var place = Directory.CreateDirectory(_folder.File(name)).FullName;
            File.SetUnixFileMode(place, mode);

            EngineServices.OpenDerived(new VitrineOptions { DataFolder = FullPath, Derived = place });

            foreach (var made in (string[])["tmp", "thumbnails", "previews"])
                Assert.Equal((made, expected), (made, File.GetUnixFileMode(Path.Join(place, made)) & ~(UnixFileMode.SetGroup | UnixFileMode.GroupWrite)));
            Assert.Equal(mode, File.GetUnixFileMode(place));
        }

        var missing = _folder.File("missing");
        EngineServices.OpenDerived(new VitrineOptions { DataFolder = FullPath, Derived = $"{missing}/" });
        Assert.Equal(OwnerMay, File.GetUnixFileMode(missing));
    }

    [Fact]
    public void Dispose_Twice_LeavesTheNextHoldersAddressAlone()
    {
        var first = DataFolder.Hold(FullPath);
        first.Dispose();
        using var second = DataFolder.Hold(FullPath);
        second.PublishAddress("http://127.0.0.1:7879");

        first.Dispose();

        Assert.Equal("http://127.0.0.1:7879", DataFolder.AddressOrNull(FullPath));
    }

    [Fact]
    public void Hold_AfterAHolderThatDied_ForgetsItsAddress()
    {
        Directory.CreateDirectory(FullPath);
        File.WriteAllText(Path.Join(FullPath, "address"), "http://127.0.0.1:1");

        using var held = DataFolder.Hold(FullPath);

        Assert.Null(DataFolder.AddressOrNull(FullPath));
    }

    [Fact]
    public void Hold_PathIsAFile_SaysThatItCannotBeMade()
    {
        File.WriteAllText(_folder.File("file"), "");

        Assert.Contains("cannot be made", Assert.Throws<DataFolderException>(() => DataFolder.Hold(_folder.File("file"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hold_LockCannotBeWritten_SaysSo()
    {
        Directory.CreateDirectory(Path.Join(FullPath, "lock"));

        var message = Assert.Throws<DataFolderException>(() => DataFolder.Hold(FullPath)).Message;
        Assert.Contains("cannot be written", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Another Vitrine", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hold_ParentIsAFile_SaysThatItCannotBeMade()
    {
        File.WriteAllText(_folder.File("data"), "");

        var message = Assert.Throws<DataFolderException>(() => DataFolder.Hold(FullPath)).Message;
        Assert.Contains("cannot be made", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Another Vitrine", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hold_AddressCannotBeCleared_SaysSoAndLetsGo()
    {
        Directory.CreateDirectory(Path.Join(FullPath, "address"));

        Assert.Contains("cannot be written", Assert.Throws<DataFolderException>(() => DataFolder.Hold(FullPath)).Message, StringComparison.Ordinal);
        Assert.False(DataFolder.IsHeld(FullPath));
    }

    [Fact]
    public void AddressOrNull_NoFolder_IsNull() => Assert.Null(DataFolder.AddressOrNull(FullPath));

    /// <summary>A data folder as it may have been made by hand: others may read all of it.</summary>
    [UnsupportedOSPlatform("windows")]
    private void Fill(UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.Join(FullPath, "thumbnails"));
        foreach (var name in (string[])["vitrine.db", "vitrine.db-wal"])
        {
            File.WriteAllText(Path.Join(FullPath, name), "");
            File.SetUnixFileMode(Path.Join(FullPath, name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        File.SetUnixFileMode(Path.Join(FullPath, "thumbnails"), AllMay);
        File.SetUnixFileMode(FullPath, mode);
    }
}
