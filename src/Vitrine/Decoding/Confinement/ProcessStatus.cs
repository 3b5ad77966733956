using System.Globalization;

namespace Vitrine.Decoding.Confinement;

/// <summary>What Linux says of this process in <c>/proc/self/status</c>.</summary>
internal static class ProcessStatus
{
    /// <returns>The text behind the name, such as <c>2</c> for <c>Seccomp</c>; null where there is none.</returns>
    public static string? FieldOrNull(string name)
    {
        try
        {
            return File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // no /proc
        }
    }

    /// <summary>A figure such as <c>VmData:  1234 kB</c>.</summary>
    public static long? KibibytesOrNull(string name) =>
        FieldOrNull(name)?.Split(' ') is [var number, "kB"] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
