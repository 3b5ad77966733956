namespace Vitrine.Benchmarks;

/// <summary>Positional words and <c>--name value</c> pairs.</summary>
internal sealed class BenchArguments(string[] args)
{
    public string? Folder { get; } = args.Length > 0 && !args[0].StartsWith("--", StringComparison.Ordinal) ? args[0] : null;

    public int Number(string name, int otherwise)
    {
        var at = Array.IndexOf(args, "--" + name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
    }
}
