using System.Globalization;

namespace Vitrine.Benchmarks.Setting;

/// <summary>What a process and all that descend from it took of the processors, also those that have ended.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;

    public static TimeSpan Processor(int root)
    {
        var children = new Dictionary<int, List<int>>();
        var ticks = new Dictionary<int, long>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id) || StatusOrNull(folder) is not { } fields)
                continue;
            // After the name in parentheses: state, parent, …, then utime, stime, cutime and cstime as fields 14 to 17 of all.
            ticks[id] = fields[11..15].Sum(Number);
            var parent = (int)Number(fields[1]);
            if (!children.TryGetValue(parent, out var siblings))
                children[parent] = siblings = [];
            siblings.Add(id);
        }

        return TimeSpan.FromSeconds(Sum(root) / TicksPerSecond);

        long Sum(int id) => ticks.GetValueOrDefault(id) + children.GetValueOrDefault(id, []).Sum(Sum);
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static string[]? StatusOrNull(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Join(folder, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }
}
