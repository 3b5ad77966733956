using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vitrine.Images.Vips;

/// <summary>
/// Finds, loads and sets up libvips, once per process: the file named by <c>VITRINE_LIBVIPS</c>, else the one that came with
/// the program as a package, else the system's. The bundled one comes first because it is quicker; what it cannot read is given to a decoder
/// with the system's (docs/decisions/0005).
/// </summary>
/// <remarks>Thread-safe. Meant for decoder processes: nothing else loads it.</remarks>
internal static class VipsLibrary
{
    /// <summary>The only loaders that may see a file; all others stay blocked (ImageMagick, PDF, CSV, raw memory…).</summary>
    private static readonly string[] s_allowedLoaders =
        ["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif", "Svg", "Jxl", "DcRaw"];

    /// <summary>Names a libvips to use instead of any other.</summary>
    public const string Variable = "VITRINE_LIBVIPS";

    private static readonly Lazy<(string Path, nint Handle)> s_loaded = new(Load);
    private static readonly Lazy<bool> s_ready = new(SetUp);

    static VipsLibrary() => NativeLibrary.SetDllImportResolver(
        typeof(VipsLibrary).Assembly, (name, _, _) => name == VipsNative.Library ? s_loaded.Value.Handle : 0);

    /// <summary>The name under which a system has libvips.</summary>
    public static string SystemName =>
        OperatingSystem.IsMacOS() ? "libvips.42.dylib" : OperatingSystem.IsWindows() ? "libvips-42.dll" : "libvips.so.42";

    /// <summary>Where the library was found.</summary>
    /// <exception cref="DllNotFoundException">There is none; the message says what to do.</exception>
    public static string Path => s_loaded.Value.Path;

    /// <summary>e.g. <c>8.18.7</c>.</summary>
    public static string Version
    {
        get
        {
            Initialize();
            return $"{VipsNative.Version(0)}.{VipsNative.Version(1)}.{VipsNative.Version(2)}";
        }
    }

    /// <summary>Loads and sets up the library on the first call; free afterwards.</summary>
    /// <exception cref="DllNotFoundException">There is no libvips; the message says what to do.</exception>
    public static void Initialize() => _ = s_ready.Value;

    /// <summary>True when this libvips has the operation, e.g. <c>jxlload_buffer</c>.</summary>
    public static bool Has(string nickname)
    {
        Initialize();
        return VipsNative.TypeFind("VipsOperation", nickname) != 0;
    }

    /// <summary>Operations, images and other objects of libvips that are alive in this process: what tests compare to find leaks.</summary>
    public static unsafe int CountLiveObjects()
    {
        Initialize();
        var count = 0;
        VipsNative.ObjectMap(&CountOne, (nint)(&count), 0);
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe nint CountOne(nint target, nint counter, nint unused)
    {
        ++*(int*)counter;
        return 0;
    }

    private static bool SetUp()
    {
        if (!Start(s_loaded.Value.Handle))
            throw VipsException.FromErrorBuffer("vips_init");
        VipsErrors.Listen();
        VipsNative.CacheSetMax(0);
        // One thread per picture: the machine is filled by several decoder processes.
        VipsNative.ConcurrencySet(1);
        VipsNative.OperationBlockSet("VipsForeignLoad", true);
        foreach (var loader in s_allowedLoaders)
            VipsNative.OperationBlockSet("VipsForeignLoad" + loader, false);
        return true;
    }

    private static (string Path, nint Handle) Load()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return NativeLibrary.TryLoad(named, out var handle)
                ? (named, handle)
                : throw new DllNotFoundException($"VITRINE_LIBVIPS names {named}, which cannot be loaded. Name a libvips 8.13 or later.");
        }

        if (FindBundledOrNull() is { } bundled && NativeLibrary.TryLoad(bundled, out var bundledHandle))
            return (bundled, bundledHandle);
        if (NativeLibrary.TryLoad(SystemName, out var systemHandle))
            return (SystemName, systemHandle);
        throw new DllNotFoundException(
            $"No libvips: none came with the program for {RuntimeInformation.RuntimeIdentifier}, and the system's {SystemName} cannot be loaded. Install libvips 8.13 or later, or name one with {Variable}.");
    }

    /// <summary>Runs vips_init, before which no type exists.</summary>
    private static unsafe bool Start(nint handle)
    {
        var init = (delegate* unmanaged[Cdecl]<byte*, int>)NativeLibrary.GetExport(handle, "vips_init");
        fixed (byte* program = "vitrine\0"u8)
            return init(program) == 0;
    }

    /// <summary>The library that came with the program: the host names the folders with its packages' native libraries for this platform.</summary>
    /// <remarks>A path in full, because the bare name is the system's library.</remarks>
    public static string? FindBundledOrNull()
    {
        var folders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? AppContext.BaseDirectory;
        return folders.Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, SystemName))
            .FirstOrDefault(File.Exists);
    }
}
