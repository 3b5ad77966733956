using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vitrine.Images.Vips;

/// <summary>
/// What libvips says of a file. It has an error buffer, one per process, to which errors and warnings are added until somebody takes them out, also
/// warnings of operations that succeed; and it logs warnings, of which some are all that it says of a file that it refuses.
/// </summary>
/// <remarks>Thread-safe; which thread's words are taken is up to the caller.</remarks>
internal static class VipsErrors
{
    private const int WarningLevel = 1 << 4, MostWarnings = 5;

    private static readonly Lock s_gate = new();
    private static readonly List<string> s_warnings = [];

    /// <summary>To be called before each file, or its failure is told with the words of those before it.</summary>
    public static void Clear()
    {
        VipsLibrary.Initialize();
        VipsNative.ErrorClear();
        lock (s_gate)
            s_warnings.Clear();
    }

    /// <summary>What was said since the last time, each line once, on one line; empty when nothing was. Warnings count where there are no errors.</summary>
    public static string Take()
    {
        var text = VipsNative.ErrorBufferCopy();
        try
        {
            var errors = Split(text);
            lock (s_gate)
            {
                var said = string.Join("; ", (errors.Length > 0 ? errors : s_warnings.AsEnumerable()).Distinct());
                s_warnings.Clear();
                return said;
            }
        }
        finally
        {
            VipsNative.Free(text);
        }
    }

    /// <summary>The errors, not the warnings, that were said since the last time, in order; they stay where they are.</summary>
    public static string[] Lines() => Split(VipsNative.ErrorBuffer());

    /// <summary>As <see cref="Lines"/>, of what was said after these lines: also what was said a second time.</summary>
    public static string[] LinesAfter(string[] before)
    {
        var lines = Lines();
        return lines.AsSpan().StartsWith(before) ? lines[before.Length..] : lines; // they were taken out meanwhile
    }

    private static string[] Split(nint text) =>
        (Marshal.PtrToStringUTF8(text) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Listens to warnings, which would fill the server's log otherwise. To be called once, after libvips was set up.</summary>
    public static unsafe void Listen() => VipsNative.LogSetHandler("VIPS", WarningLevel, &Hear, 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Hear(nint domain, int level, nint message, nint data)
    {
        // "error in tile 0 x 256" and "read gave 1 warnings" only say that there was something else.
        if (Marshal.PtrToStringUTF8(message)?.Trim() is not { Length: > 0 } text || text.StartsWith("error in tile", StringComparison.Ordinal) || text.StartsWith("read gave", StringComparison.Ordinal))
            return;
        lock (s_gate)
        {
            if (s_warnings.Count < MostWarnings && !s_warnings.Contains(text))
                s_warnings.Add(text);
        }
    }
}
