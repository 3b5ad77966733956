using System.Runtime.InteropServices;
using ImageMagick;

namespace Vitrine.Images.Magick;

/// <summary>
/// ImageMagick, asked for a second opinion on what libvips does not support or refuses without a word (docs/decisions/0014). It came with the program and
/// is used in decoder processes of its own, under a policy (<c>magick/policy.xml</c>) that leaves it a handful of raster formats.
/// </summary>
internal static partial class MagickLibrary
{
    /// <summary>Says which library a decoder decodes with; <see cref="Name"/> for this one.</summary>
    public const string Variable = "VITRINE_DECODER_LIBRARY";

    public const string Name = "magick";

    /// <summary>Where ImageMagick looks for its policy.</summary>
    private const string PolicyVariable = "MAGICK_CONFIGURE_PATH";

    private static readonly Lock s_gate = new();
    private static bool s_isReady;

    /// <summary>Whether this process was started to decode with it.</summary>
    public static bool IsChosen => Environment.GetEnvironmentVariable(Variable) == Name;

    /// <summary>Whether it came with the program: not for every platform there is one. Nothing is loaded.</summary>
    public static bool IsInstalled => File.Exists(PolicyFile) && FileName is { } name
        && (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? AppContext.BaseDirectory)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory).Any(folder => File.Exists(Path.Join(folder, name)));

    private static string PolicyFolder => Path.Join(AppContext.BaseDirectory, "magick");

    private static string PolicyFile => Path.Join(PolicyFolder, "policy.xml");

    private static string? FileName => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "Magick.Native-Q8-x64.dll",
        Architecture.Arm64 => "Magick.Native-Q8-arm64.dll",
        _ => null,
    } is { } name ? name + (OperatingSystem.IsMacOS() ? ".dylib" : OperatingSystem.IsWindows() ? "" : ".so") : null;

    /// <summary>Loads and limits it on the first call; free afterwards.</summary>
    /// <param name="memoryLimit">Bytes that the pixels of one picture may take; nothing goes to a disk.</param>
    /// <exception cref="DllNotFoundException">It is not there, or does not heed its policy: then it must not see a file.</exception>
    public static void Initialize(long memoryLimit)
    {
        lock (s_gate)
        {
            if (s_isReady)
                return;
            // It reads the policy when it is loaded, and not through the environment that .NET keeps.
            if (!IsInstalled || SetEnvironment(PolicyVariable, PolicyFolder, overwrite: 1) != 0)
                throw new DllNotFoundException($"ImageMagick did not come with the program for {RuntimeInformation.RuntimeIdentifier}.");
            try
            {
                ResourceLimits.Disk = 0;
                ResourceLimits.Thread = 1;
                ResourceLimits.Memory = ResourceLimits.Area = ResourceLimits.MaxMemoryRequest = (ulong)memoryLimit;
            }
            catch (TypeInitializationException exception)
            {
                throw new DllNotFoundException($"ImageMagick cannot be loaded: {exception.InnerException?.Message}", exception);
            }

            if (!RefusesDrawings())
                throw new DllNotFoundException($"ImageMagick does not heed {PolicyFile}, and must not read files without it.");
            s_isReady = true;
        }
    }

    private static bool RefusesDrawings()
    {
        try
        {
            // Of an SVG it would make a copy on the disk before it asks the policy, and a decoder may not write: that is another reason.
            using var drawing = new MagickImage("viewbox 0 0 1 1"u8.ToArray(), MagickFormat.Mvg);
            return false;
        }
        catch (MagickPolicyErrorException)
        {
            return true;
        }
        catch (MagickException)
        {
            return false; // for another reason
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
