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
    /// if the thread has forgone new privileges; it has that one from the start where the thread has it as an ambient one, as systemd's AmbientCapabilities= gives it.
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
        // An ambient capability, by which a server that is not root reads others' files, lasts as long as it is inheritable.
        sets[0] = new CapabilitySet { Effective = kept, Permitted = kept, Inheritable = kept & sets->Inheritable };
        sets[1] = default;
        _ = LinuxNative.SetCapabilities(ref header, sets); // giving up is never refused
    }
}
