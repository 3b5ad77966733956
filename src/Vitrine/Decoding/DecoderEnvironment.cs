using System.Reflection.PortableExecutable;
using Vitrine.Images.Vips;

namespace Vitrine.Decoding;

/// <summary>
/// A decoder's environment. Of the server's it has only what its program, its libraries and its fonts are found by: the rest may hold passwords. Its runtime and its
/// C library are told: little memory, a quick start, no diagnostics.
/// </summary>
internal static class DecoderEnvironment
{
    /// <summary>Names of the variables that a decoder has from the server, where that has them.</summary>
    public static IReadOnlyList<string> PassedOn { get; } =
    [
        VipsLibrary.Variable, DecoderFaults.Variable,
        "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH",
        "LANG", "LC_ALL", "LC_CTYPE", "TZ",
        "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_ROLL_FORWARD", "DOTNET_EnableWriteXorExecute",
        "SystemRoot", // without it Windows starts hardly any program
    ];

    private static readonly Lazy<bool> s_isCompiledAheadOfTime = new(() =>
    {
        using var file = File.OpenRead(typeof(DecoderEnvironment).Assembly.Location);
        using var assembly = new PEReader(file);
        return assembly.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size > 0;
    });

    /// <param name="environment">The server's, which becomes the decoder's.</param>
    public static void Apply(IDictionary<string, string?> environment)
    {
        var passedOn = PassedOn.Where(environment.ContainsKey).Select(name => (Name: name, Value: environment[name])).ToList();
        environment.Clear();
        foreach (var (name, value) in passedOn)
            environment[name] = value;
        // A decoder works in another folder.
        if (environment.TryGetValue(VipsLibrary.Variable, out var library) && library?.Contains(Path.DirectorySeparatorChar) == true)
            environment[VipsLibrary.Variable] = Path.GetFullPath(library);

        // Two arenas instead of eight per core: libvips' threads come and go, and each arena keeps what it once had.
        environment["MALLOC_ARENA_MAX"] = "2";
        environment["MALLOC_TRIM_THRESHOLD_"] = "33554432";
        // libvips would unpack an interlaced PNG of more than 100 MB into a temporary file, which a decoder cannot make: into memory, which has a limit.
        environment["VIPS_DISC_THRESHOLD"] = "1048576g";
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_gcConcurrent"] = "0";
        environment["DOTNET_GCHeapHardLimit"] = "0x8000000"; // 128 MiB: pictures live outside the managed heap.
        environment["DOTNET_TieredPGO"] = "0";
        environment["DOTNET_EnableDiagnostics"] = "0";
        // What was compiled ahead of time is quick enough; to compile it better a second time took a fifth of the first 500 pictures, and gained nothing in 2,400.
        if (s_isCompiledAheadOfTime.Value)
            environment["DOTNET_TieredCompilation"] = "0";
    }
}
