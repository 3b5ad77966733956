using System.Globalization;

namespace Vitrine.Unicode;

/// <summary>What <c>canonical.txt</c> says, read at the first use: some milliseconds.</summary>
internal static class CanonicalTables
{
    private static readonly Dictionary<int, int> s_classes = [];

    static CanonicalTables()
    {
        using var reader = new StreamReader(typeof(CanonicalTables).Assembly.GetManifestResourceStream("unicode-canonical.txt")!);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "#")
                continue;
            if (words[0].Split('-') is [var first, var last])
            {
                for (var point = Hex(first); point <= Hex(last); point++)
                    s_classes[point] = int.Parse(words[1], CultureInfo.InvariantCulture);
            }
            else
            {
                Read(words);
            }
        }
    }

    /// <summary>What a character is made of: one or more others, which may be made of others again.</summary>
    public static Dictionary<int, int[]> Parts { get; } = [];

    /// <summary>What two characters are together.</summary>
    public static Dictionary<(int First, int Second), int> Pairs { get; } = [];

    /// <summary>0 for a letter; accents of different classes do not touch each other.</summary>
    public static int ClassOf(int point) => s_classes.GetValueOrDefault(point);

    private static void Read(string[] words)
    {
        var (point, isComposed) = (Hex(words[0]), words[^1] != "!");
        var parts = words[1..(isComposed ? words.Length : ^1)].Select(Hex).ToArray();
        Parts[point] = parts;
        if (isComposed && parts is [var first, var second])
            Pairs[(first, second)] = point;
    }

    private static int Hex(string word) => int.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
