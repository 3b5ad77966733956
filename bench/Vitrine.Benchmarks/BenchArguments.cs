using System.Globalization;

namespace Vitrine.Benchmarks;

/// <summary>Positional words, <c>--name value</c> pairs and plain <c>--flags</c>.</summary>
internal sealed class BenchArguments(string[] args)
{
    private static readonly string[] s_flags = ["quick", "write", "profile"];

    /// <summary>What is neither an option nor an option's value.</summary>
    public IReadOnlyList<string> Words { get; } = [.. args.Where((word, i) => !IsOption(word) && (i == 0 || !IsOption(args[i - 1]) || IsFlag(args[i - 1])))];

    public string? Folder => Words.Count > 0 ? Words[0] : null;

    public bool Has(string flag) => args.Contains("--" + flag);

    public string? TextOrNull(string name)
    {
        var at = Array.IndexOf(args, "--" + name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    public int Number(string name, int otherwise) => TextOrNull(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

    private static bool IsFlag(string word) => s_flags.Contains(word[2..]);
}
