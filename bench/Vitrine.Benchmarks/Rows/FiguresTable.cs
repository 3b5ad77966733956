using System.Text;
using System.Text.Json;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>Measures the families that were asked for, prints one table, and can put it into docs/benchmarks.md.</summary>
internal static class FiguresTable
{
    private const string Begin = "<!-- figures: written by bench/run --write -->", End = "<!-- end of figures -->";

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new BenchArguments(args);
        var run = new BenchRun(arguments);
        if (arguments.Words.FirstOrDefault(word => RowFamily.All.All(family => family.Name != word)) is { } unknown)
        {
            Console.Error.WriteLine($"There are no rows '{unknown}'. Known: {string.Join(", ", RowFamily.All.Select(family => family.Name))}.");
            return 2;
        }

        if (arguments.Has("write") && run.Quick)
        {
            Console.Error.WriteLine("--quick measures small sizes: its figures are not written. Leave one of --quick and --write out.");
            return 2;
        }

        if (run.Before is { } older && !File.Exists(older))
        {
            Console.Error.WriteLine($"There is no {older}. Build the older version (./vitrine --version in a worktree of it) and name its src/Vitrine.Cli/bin/Release/net10.0/Vitrine.Cli.dll.");
            return 2;
        }

        Directory.CreateDirectory(run.Work);
        run.ForgetScratch();
        var machine = await Machine.DescribeAsync(run.Work);
        var kept = new KeptFigures(run);
        foreach (var family in RowFamily.All.Where(family => arguments.Words.Count == 0 || arguments.Words.Contains(family.Name)))
        {
            BenchRun.Say($"== {family.Name}");
            kept.Keep(family.Name, await MeasureAsync(family, run));
        }

        PreparedLibrary.Forget(run, run.Many);
        PreparedLibrary.Forget(run, run.Most);
        // A page takes what was measured before for the rows that were not asked for; a screen shows what was.
        var wanted = RowFamily.All.Select(family => family.Name).Where(name => arguments.Has("write") || arguments.Words.Count == 0 || arguments.Words.Contains(name));
        var table = Write(machine, run, [.. wanted.SelectMany(kept.Find)]);
        Console.WriteLine(table);
        if (arguments.Has("write"))
            Replace(Path.Join(Environment.CurrentDirectory, "docs", "benchmarks.md"), table);
        return 0;
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(RowFamily family, BenchRun run)
    {
        try
        {
            return await family.MeasureAsync(run);
        }
        catch (Exception exception)
        {
            // The other rows took long, too: one that breaks says so in its place.
            BenchRun.Say($"{family.Name}: {exception}");
            return [new Figure(family.Name, "", $"not measured: {exception.Message.ReplaceLineEndings(" ")}", "", false)];
        }
    }

    private static string Write(string machine, BenchRun run, IReadOnlyList<Figure> figures)
    {
        var table = new StringBuilder();
        table.AppendLine($"{machine} Medians of {run.Runs} {(run.Runs == 1 ? "run" : "runs")}{(run.Quick ? ", small sizes: a try, no figures" : "")}.").AppendLine();
        table.AppendLine("| what | must | measured | met | compared |").AppendLine("|---|---|---|---|---|");
        foreach (var figure in figures)
        {
            var met = figure.Met switch { true => "yes", false => "**no**", null => "" };
            table.AppendLine($"| {figure.What} | {figure.Must} | {figure.Measured} | {met} | {figure.Compared} |");
        }

        return table.ToString().TrimEnd();
    }

    private static void Replace(string page, string table)
    {
        var text = File.ReadAllText(page);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{page} has no '{Begin}' before a '{End}': put them where the table belongs.");
        File.WriteAllText(page, $"{text[..(from + Begin.Length)]}\n{table}\n{text[to..]}");
    }

    /// <summary>The newest figures of each family, over runs, so that one family can be measured again in a quiet hour.</summary>
    private sealed class KeptFigures
    {
        private readonly string _path;
        private readonly Dictionary<string, IReadOnlyList<Figure>> _figures;

        public KeptFigures(BenchRun run)
        {
            _path = Path.Join(run.Work, run.Quick ? "figures-quick.json" : "figures.json");
            _figures = File.Exists(_path) ? JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<Figure>>>(File.ReadAllText(_path))! : [];
        }

        public IReadOnlyList<Figure> Find(string family) => _figures.GetValueOrDefault(family, []);

        public void Keep(string family, IReadOnlyList<Figure> figures)
        {
            _figures[family] = figures;
            File.WriteAllText(_path, JsonSerializer.Serialize(_figures));
        }
    }
}
