using Vitrine.Decoding.Confinement;

namespace Vitrine.Cli.Diagnosis;

/// <summary>What keeps decoders from doing harm on this machine, in words (docs/security.md).</summary>
internal static class ConfinementCheck
{
    /// <param name="confinement">What a real decoder said of itself.</param>
    public static Check Judge(DecoderConfinement confinement)
    {
        (bool Holds, string Held, string Missing)[] measures =
        [
            (confinement.CannotWrite, "changes no file (Landlock)",
                "Landlock: this needs Linux 5.13 or later with landlock among its security modules (/sys/kernel/security/lsm), and a container that lets it be used"),
            (confinement.IsFiltered, "opens no connection, starts no program and reaches no other process (seccomp)",
                "the system call filter: this needs Linux on x86-64 or ARM64, and a container that lets seccomp be used"),
            (confinement.HasNoNewPrivileges, "gains no privileges", "no new privileges: this needs Linux"),
            (confinement.HasNoCapabilities, "has no rights of root but reading", "giving up root's rights: this needs Linux with /proc"),
            (confinement.HasNoFileSize, "makes no file longer than nothing", "the limit of file sizes: this needs Linux"),
            (confinement.MemoryBytes is not null, $"takes at most {confinement.MemoryBytes >> 20:N0} MiB", "the kernel's limit of memory: this needs Linux with /proc"),
            (confinement.OutOfMemoryPreference > 0, "is ended before the server when memory runs out", "being ended first when memory runs out: this needs Linux with a writable /proc"),
        ];
        var held = string.Join("; ", measures.Where(measure => measure.Holds).Select(measure => measure.Held)
            .Append($"has {confinement.Variables.Count} environment variables ({string.Join(", ", confinement.Variables)})"));
        var missing = measures.Where(measure => !measure.Holds).Select(measure => measure.Missing).ToList();
        return missing.Count == 0
            ? Check.Ok("confinement", $"a decoder {held}")
            : Check.Warning("confinement", $"a decoder {held}. What holds it back elsewhere is missing here: {string.Join("; ", missing)}.");
    }
}
