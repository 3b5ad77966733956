using System.Collections;
using System.Globalization;

namespace Vitrine.Decoding.Confinement;

/// <summary>What keeps a decoder from doing harm, as the decoder itself finds it before its first file. All of it is Linux'; elsewhere nothing holds but the environment.</summary>
public sealed record DecoderConfinement
{
    /// <summary>No program can give it more rights than it has.</summary>
    public bool HasNoNewPrivileges { get; init; }

    /// <summary>Of root's rights it has at most the one to read files of other users.</summary>
    public bool HasNoCapabilities { get; init; }

    /// <summary>Landlock refuses every change of a file.</summary>
    public bool CannotWrite { get; init; }

    /// <summary>A system call filter refuses sockets, programs, processes and the rest of <see cref="RefusedCalls"/>.</summary>
    public bool IsFiltered { get; init; }

    /// <summary>No file can grow, and no core file is written.</summary>
    public bool HasNoFileSize { get; init; }

    /// <summary>Bytes of memory that the kernel lets it have, the runtime's included; null for no limit.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>-1000 to 1000: how much rather than other processes the kernel ends it where memory runs out. 0 is usual.</summary>
    public int OutOfMemoryPreference { get; init; }

    /// <summary>The names of its environment variables, in order.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>Gives up, for good and in all threads of this process, what a decoder does not need once its libraries are loaded; says what holds.</summary>
    /// <param name="fileMemory">Bytes that one file may take.</param>
    internal static DecoderConfinement Apply(long fileMemory)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => (string)variable.Key).Order(StringComparer.Ordinal).ToList();
        if (!OperatingSystem.IsLinux())
            return new DecoderConfinement { Variables = variables };

        // Asked before the filter, which refuses it, too.
        var cannotWrite = IsRefusedToWrite("/proc/self/comm");
        ResourceLimits.Apply(fileMemory);
        var isFiltered = SystemCallFilter.TryInstall();
        return new DecoderConfinement
        {
            HasNoNewPrivileges = ProcessStatus.FieldOrNull("NoNewPrivs") == "1",
            HasNoCapabilities = ulong.TryParse(ProcessStatus.FieldOrNull("CapPrm"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var held)
                && (held & ~Capabilities.Reading) == 0,
            CannotWrite = cannotWrite,
            IsFiltered = isFiltered && ProcessStatus.FieldOrNull("Seccomp") == "2", // which a container's filter alone would say, too
            HasNoFileSize = ResourceLimits.HasNoFileSize(),
            MemoryBytes = ResourceLimits.MemoryOrNull(),
            OutOfMemoryPreference = ReadOutOfMemoryPreference(),
            Variables = variables,
        };
    }

    /// <summary>Opens for writing, and writes nothing, what every process may write: its own name.</summary>
    private static bool IsRefusedToWrite(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.Write).Dispose();
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false; // no /proc: not known to hold
        }
    }

    private static int ReadOutOfMemoryPreference()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/self/oom_score_adj"), CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
