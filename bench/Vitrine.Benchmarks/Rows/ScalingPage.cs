using System.Text;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>The tables of docs/scaling.md: what was measured per asset, and what follows from it for sizes that nobody measured.</summary>
internal static class ScalingPage
{
    private const string Begin = "<!-- costs: written by bench/run --write machines-cost -->", End = "<!-- end of costs -->";

    private const double Gigabyte = 1e9, Hour = 3_600e6;

    private static readonly long[] s_sizes = [10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>Prints them, and puts them into the page when the run writes.</summary>
    public static void Tell(BenchRun run, AssetCosts costs)
    {
        var text = $"{Measured(costs)}\n\n{Extrapolated(costs)}";
        Console.WriteLine(text);
        if (!run.Write)
            return;
        var page = Path.Join(Environment.CurrentDirectory, "docs", "scaling.md");
        var before = File.ReadAllText(page);
        var (from, to) = (before.IndexOf(Begin, StringComparison.Ordinal), before.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{page} has no '{Begin}' before a '{End}': put them where the tables belong.");
        File.WriteAllText(page, $"{before[..(from + Begin.Length)]}\n{text}\n{before[to..]}");
    }

    private static string Measured(AssetCosts costs)
    {
        var text = new StringBuilder();
        text.AppendLine($"Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} on {Environment.ProcessorCount} cores, with {costs.Assets:N0} assets in one library (phase 1, database, memory, backup) and "
            + $"{costs.Photographs.Count:N0} photographs of {costs.Photographs.Megabytes:0.0} MB (phases 2 and 3, thumbnails):").AppendLine();
        text.AppendLine("| | per asset | measured as |").AppendLine("|---|---|---|");
        foreach (var (table, heap, indexes) in costs.Database.Tables)
            text.AppendLine($"| table `{table}` | {heap + indexes:N0} B | {heap:N0} B rows, {indexes:N0} B indexes: `pg_table_size`, `pg_indexes_size` after the import and `VACUUM` |");
        text.AppendLine($"| **D** database | **{costs.DatabaseBytes:N0} B** | the sum; {costs.Database.Rewritten:N0} B after `VACUUM FULL`: the difference is room that updates left and that later ones use |");
        Row("thumbnail", "T", $"{costs.Thumbnail.OnDisk:N0} B", $"files of {costs.Thumbnail.Length:N0} B in blocks of 4 KiB");
        Row("server, browsing", "B", $"{costs.Memory.Browsed:N0} B", $"resident after pages in four orders, less {Figure.Mebibytes((long)costs.Memory.Empty)} with no assets");
        Row("server, comparing", "V", $"{costs.Memory.Compared:N0} B", "resident more after the first question for similar assets");
        Stage("phase 1", "P1", costs.Scan);
        Stage("phase 2", "P2", costs.Metadata);
        Stage("phase 3", "P3", costs.Embedding);
        Row("log of all phases", "L", $"{costs.Scan.Log + costs.Metadata.Log + costs.Embedding.Log:N0} B", $"{costs.Scan.Log:N0}, {costs.Metadata.Log:N0} and {costs.Embedding.Log:N0} B of write-ahead log");
        Row("PostgreSQL's part of 2 and 3", "Q", $"{Milliseconds(costs.Metadata.Database + costs.Embedding.Database)} CPU", "all of its processes");
        Row("question for similar assets", "S", $"{costs.SimilarMilliseconds * 1e6 / costs.Assets:0.0} ns", $"{Figure.Time(costs.SimilarMilliseconds)} over all, on all cores");
        Row("rescan", "R", $"{costs.RescanMilliseconds * 1000 / costs.Assets:0.0} µs", $"{Figure.Time(costs.RescanMilliseconds)} for all, folders in the memory of the machine");
        Row("`pg_dump -Fc`, `pg_restore`", "K", $"{costs.Backup.DumpMilliseconds * 1000 / costs.Assets:0.0}, {costs.Backup.RestoreMilliseconds * 1000 / costs.Assets:0.0} µs", $"{costs.Backup.DumpBytes / costs.Assets:N0} B in the file");
        return text.ToString().TrimEnd();

        void Row(string what, string letter, string value, string how) => text.AppendLine($"| **{letter}** {what} | **{value}** | {how} |");

        void Stage(string what, string letter, AssetCosts.StageCost cost) => Row(
            what, letter, $"{Milliseconds(cost.Processor)} CPU",
            $"{(cost.Decoders > 0 ? $"decoders {Milliseconds(cost.Decoders)}, worker" : "server")} {Milliseconds(cost.Process)}, PostgreSQL {Milliseconds(cost.Database)}; {Milliseconds(cost.Wall)} from start to end");
    }

    private static string Extrapolated(AssetCosts costs)
    {
        var text = new StringBuilder();
        text.AppendLine("Extrapolated from these, linearly:").AppendLine();
        text.AppendLine($"| | how | {string.Join(" | ", s_sizes.Select(size => $"{size:N0}"))} |").AppendLine($"|---|---|{string.Concat(s_sizes.Select(_ => "---|"))}");
        var day = 24 * Hour;
        Row("database on disk", "n × D", n => $"{n * costs.DatabaseBytes / Gigabyte:N0} GB");
        Row("memory of the database for its indexes", "n × indexes in D", n => $"{n * costs.Database.Tables.Sum(table => table.Indexes) / Gigabyte:N1} GB");
        Row("thumbnails on disk", "n × T", n => $"{n * costs.Thumbnail.OnDisk / Gigabyte:N0} GB");
        Row("log written by an import", "n × L", n => $"{n * (costs.Scan.Log + costs.Metadata.Log + costs.Embedding.Log) / Gigabyte:N0} GB");
        Row("memory of a server that browses", "n × B", n => $"{n * costs.Memory.Browsed / Gigabyte:N1} GB");
        Row("the same with the vectors of all", "n × (B + V)", n => $"{n * (costs.Memory.Browsed + costs.Memory.Compared) / Gigabyte:N1} GB");
        Row("phase 1, one server", "n × time of P1", n => Hours(n * costs.Scan.Wall));
        Row("phase 2, cores for an import in a day", "n × P2 ÷ 24 h", n => $"{Math.Ceiling(n * costs.Metadata.Processor / day):N0}");
        Row("phase 3, cores for an import in a day", "n × P3 ÷ 24 h", n => $"{Math.Ceiling(n * costs.Embedding.Processor / day):N0}");
        Row("machines of 32 cores for that", "(n × (P2 + P3) ÷ 24 h) ÷ 32", n => $"{Math.Ceiling(n * (costs.Metadata.Processor + costs.Embedding.Processor) / day / 32):N0}");
        Row("the same import on one such machine", "n × (P2 + P3) ÷ 32", n => Hours(n * (costs.Metadata.Processor + costs.Embedding.Processor) / 32));
        Row("of which cores of PostgreSQL", "n × Q ÷ 24 h", n => $"{n * (costs.Metadata.Database + costs.Embedding.Database) / day:N1}");
        Row("assets settled per second then", "2 × n ÷ 24 h", n => $"{2 * n / 86_400.0:N0}");
        Row($"question for similar assets, {Environment.ProcessorCount} cores", "n × S", n => Figure.Time(n * costs.SimilarMilliseconds / costs.Assets));
        Row("rescan, folders in memory", "n × R", n => Hours(n * costs.RescanMilliseconds * 1000 / costs.Assets));
        Row("`pg_dump`, `pg_restore`", "n × K", n => $"{Hours(n * costs.Backup.DumpMilliseconds * 1000 / costs.Assets)}, {Hours(n * costs.Backup.RestoreMilliseconds * 1000 / costs.Assets)}");
        return text.ToString().TrimEnd();

        void Row(string what, string how, Func<double, string> value) => text.AppendLine($"| {what} | {how} | {string.Join(" | ", s_sizes.Select(size => value(size)))} |");
    }

    private static string Milliseconds(double microseconds) => microseconds switch
    {
        < 100 => $"{microseconds / 1000:0.0000} ms",
        < 10_000 => $"{microseconds / 1000:0.00} ms",
        _ => $"{microseconds / 1000:0.0} ms",
    };

    private static string Hours(double microseconds) => microseconds switch
    {
        < 120e6 => $"{microseconds / 1e6:N0} s",
        < 2 * Hour => $"{microseconds / 60e6:N0} min",
        < 100 * Hour => $"{microseconds / Hour:N1} h",
        _ => $"{microseconds / 24 / Hour:N0} days",
    };
}
