namespace Vitrine.Decoding.Confinement;

/// <summary>Linux' capabilities: what root may do, in pieces.</summary>
internal static unsafe class Capabilities
{
    private const uint Version3 = 0x20080522;

    /// <summary>CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: reading files of other users. A server that runs as root reads libraries by them.</summary>
    private const uint Override = 1 << 1, ReadAndSearch = 1 << 2;

    /// <summary>All capabilities that a decoder may have.</summary>
    public const ulong Reading = Override | ReadAndSearch;

    /// <summary>
    /// Gives up all capabilities of the calling thread but the one by which root reads other users' files. A program that it executes gets none back,
    /// if the thread has forgone new privileges.
    /// </summary>
    public static void KeepReading()
    {
        var header = new CapabilityHeader { Version = Version3 };
        var sets = stackalloc CapabilitySet[2];
        if (LinuxNative.GetCapabilities(ref header, sets) != 0)
            return;
        // The weaker one where there is it: Docker gives its containers only the other, with which one may write, too.
        var kept = sets->Permitted & ReadAndSearch;
        if (kept == 0)
            kept = sets->Permitted & Override;
        sets[0] = new CapabilitySet { Effective = kept, Permitted = kept };
        sets[1] = default;
        _ = LinuxNative.SetCapabilities(ref header, sets); // giving up is never refused
    }
}
