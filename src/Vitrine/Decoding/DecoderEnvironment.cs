namespace Vitrine.Decoding;

/// <summary>What a decoder's runtime and C library are told: little memory, a quick start, no diagnostics.</summary>
internal static class DecoderEnvironment
{
    public static void Apply(IDictionary<string, string?> environment)
    {
        // Two arenas instead of eight per core: libvips' threads come and go, and each arena keeps what it once had.
        environment["MALLOC_ARENA_MAX"] = "2";
        environment["MALLOC_TRIM_THRESHOLD_"] = "33554432";
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_gcConcurrent"] = "0";
        environment["DOTNET_GCHeapHardLimit"] = "0x8000000"; // 128 MiB: pictures live outside the managed heap.
        environment["DOTNET_TieredPGO"] = "0";
        environment["DOTNET_EnableDiagnostics"] = "0";
        environment["VIPS_WARNING"] = "0";
    }
}
