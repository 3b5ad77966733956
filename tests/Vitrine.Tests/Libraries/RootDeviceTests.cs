using FsCheck;
using FsCheck.Fluent;
using Vitrine.Libraries;
using Xunit;

namespace Vitrine.Tests.Libraries;

public sealed class RootDeviceTests
{
    private const string Mounts =
        """
        22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
        40 22 8:17 / /media/my\040disk rw,relatime shared:5 master:2 - vfat /dev/sdb1 rw
        41 22 0:50 / /mnt/nas rw - nfs4 nas:/photos rw
        42 41 8:33 / /mnt/nas rw - ext4 /dev/sdc1 rw
        """;

    [Theory]
    [InlineData("/home/me", "ext4 /dev/sda2 8:2")]
    [InlineData("/media/my disk", "vfat /dev/sdb1 8:17")]
    [InlineData("/media/my disk/2024", "vfat /dev/sdb1 8:17")]
    [InlineData("/media/my disks", "ext4 /dev/sda2 8:2")]
    [InlineData("/mnt/nas/a", "ext4 /dev/sdc1 8:33")] // mounted over the other
    public void Of_PathBelowAMount_IsTheInnermostAndLast(string path, string expected) => Assert.Equal(expected, RootDevice.OfOrNull(path, Mounts));

    [Theory]
    [InlineData("/home/me", false, false)]
    [InlineData("/mnt/share/trip", false, true)]
    [InlineData("/mnt/nas/a", false, false)] // a disk over a share
    [InlineData("/proc/1/cwd", true, false)]
    public void MountPoint_Kinds_AreTold(string path, bool isKernels, bool isNetwork)
    {
        var mount = MountPoint.OfOrNull(path, Mounts + "\n43 22 0:51 / /mnt/share rw - cifs //nas/photos rw\n44 22 0:4 / /proc rw - proc proc rw")!;
        Assert.Equal((isKernels, isNetwork), (mount.IsKernels, mount.IsNetwork));
    }

    [Fact]
    public void Of_AnyText_IsReadOrPassedOver() => Prop.ForAll<string, string>((path, mounts) =>
    {
        RootDevice.OfOrNull("/" + path, mounts ?? "");
        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_ThisMachine_IsKnownOnLinuxOnly() => Assert.Equal(OperatingSystem.IsLinux(), RootDevice.OfOrNull(Path.GetTempPath().TrimEnd('/')) is not null);
}
