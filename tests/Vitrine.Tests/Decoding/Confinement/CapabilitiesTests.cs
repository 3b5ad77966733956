using System.Globalization;
using System.Runtime.InteropServices;
using Vitrine.Decoding.Confinement;
using Xunit;

namespace Vitrine.Tests.Decoding.Confinement;

public sealed class CapabilitiesTests
{
    private const int AmbientCapabilities = 47, Raise = 2;

    private const uint Version3 = 0x20080522;

    /// <summary>A server that is not root reads a library by it (systemd's AmbientCapabilities=CAP_DAC_READ_SEARCH): so must its decoders.</summary>
    [Fact]
    public void KeepReading_AmbientCapability_IsKeptAndNoOther()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are Linux'");
        ulong? before = null, after = null;
        ulong left = 0;
        var thread = new Thread(() =>
        {
            if (!TryMakeAmbient(Capabilities.Reading))
                return;
            before = Read("CapAmb");
            Capabilities.KeepReading();
            (after, left) = (Read("CapAmb"), Read("CapPrm"));
        });
        thread.Start();
        thread.Join(); // what it gave up it gave up alone

        Assert.SkipWhen(before is null, "this user has no capability that could be kept");
        Assert.Equal(Capabilities.Reading, before);
        Assert.True(after is 1 << 1 or 1 << 2, $"{after:x}");
        Assert.Equal(after, left);
    }

    private static bool TryMakeAmbient(ulong wanted)
    {
        var header = new CapabilityHeader { Version = Version3 };
        var sets = new CapabilitySet[2];
        if (GetCapabilities(ref header, sets) != 0 || (sets[0].Permitted & wanted) != wanted)
            return false;
        sets[0].Inheritable |= (uint)wanted;
        return SetCapabilities(ref header, sets) == 0
            && Enumerable.Range(0, 64).Where(capability => ((wanted >> capability) & 1) != 0).All(capability => Control(AmbientCapabilities, Raise, (nuint)capability, 0, 0) == 0);
    }

    private static ulong Read(string field) => ulong.Parse(
        File.ReadLines("/proc/thread-self/status").First(line => line.StartsWith($"{field}:", StringComparison.Ordinal)).Split('\t')[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "capget")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetCapabilities(ref CapabilityHeader identity, [In, Out] CapabilitySet[] sets);

    [DllImport("libc", EntryPoint = "capset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetCapabilities(ref CapabilityHeader identity, [In, Out] CapabilitySet[] sets);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);
}
