using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>All files committed as pending into PostgreSQL, beside the embedded database, and beside the bare <c>COPY</c> of as many such rows.</summary>
internal static class MachinesScan
{
    private const int Budget = 15_000, PerFolder = 1000;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var folder = LinkedFiles.Ensure(run, run.Most);
        await using var server = await DurablePostgres.StartAsync(run);
        Samples shared = new(), embedded = new(), alone = new(), again = new(), copy = new(), bareCopy = new(), time = new();
        await Programs.TimeAsync("find", folder, "-fprintf", "/dev/null", "%s %T@\n"); // the folder is in memory from here on
        for (var i = 0; i < run.Runs; i++)
        {
            embedded.Add(await ServedAsync(run, folder, null));
            var before = server.Processor;
            shared.Add(await ServedAsync(run, folder, await server.CreateAsync("served")));
            time.Add((server.Processor - before).TotalMilliseconds);
            var (scan, rescan) = await ScanSpeed.MeasureAsync(folder, await server.CreateAsync("alone"));
            alone.Add(scan.Wall.TotalMilliseconds);
            again.Add(rescan.Wall.TotalMilliseconds);
            copy.Add(await CopyAsync(server, "alone", run.Most, indexed: true));
            bareCopy.Add(await CopyAsync(server, "alone", run.Most, indexed: false));
            foreach (var name in (string[])["served", "alone"])
                await server.DropAsync(name);
            BenchRun.Say($"{Figure.Time(shared.Max)} at most, alone {Figure.Time(alone.Max)}, COPY {Figure.Time(copy.Max)}, without indexes {Figure.Time(bareCopy.Max)}");
        }

        return
        [
            new Figure(
                $"all committed `pending` into PostgreSQL by `vitrine serve --no-work`, {run.Most:N0} files", $"≤ {Figure.Time(Budget)}", Figure.Time(shared.Median),
                $"{shared.Median / embedded.Median:0.0} × the embedded database ({Figure.Time(embedded.Median)}), {shared.Median / copy.Median:0.0} × one bare `COPY` of as many rows with the same indexes "
                + $"({Figure.Time(copy.Median)}; without indexes {Figure.Time(bareCopy.Median)}); PostgreSQL's CPU {Figure.Time(time.Median)}; worst {Figure.Time(shared.Max)}; {DurablePostgres.Setting}",
                shared.Median <= Budget),
            Figure.Told($"the same by the engine alone, warm, {run.Most:N0} files", Figure.Time(alone.Median), $"a second scan {Figure.Time(again.Median)}"),
        ];
    }

    private static async Task<double> ServedAsync(BenchRun run, string folder, string? database)
    {
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath, database, "--no-work");
        var clock = Stopwatch.StartNew();
        var library = await server.AddAsync(folder);
        var progress = await server.ProgressWhenAsync(library, progress => !progress.Scanning);
        var time = clock.Elapsed.TotalMilliseconds;
        return progress.Total == run.Most ? time : throw new InvalidOperationException($"{progress.Total} of {run.Most} files were found in {folder}.");
    }

    /// <summary>Milliseconds for one <c>COPY</c> of rows like a scan's into a table like <c>assets</c>, with its commit.</summary>
    private static async Task<double> CopyAsync(DurablePostgres server, string database, int count, bool indexed)
    {
        await server.ExecuteAsync(database, $"CREATE TABLE bare (LIKE assets INCLUDING DEFAULTS{(indexed ? " INCLUDING INDEXES" : "")})");
        await using var connection = new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        var clock = Stopwatch.StartNew();
        await using (var copy = await connection.BeginBinaryImportAsync(
            "COPY bare (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status) FROM STDIN (FORMAT BINARY)"))
        {
            for (var i = 0; i < count; i++)
            {
                await copy.StartRowAsync();
                foreach (var number in (long[])[i + 1, 1, 1 + (i / PerFolder), 2])
                    await copy.WriteAsync(number, NpgsqlDbType.Bigint);
                await copy.WriteAsync($"IMG_{i:0000000}.jpg", NpgsqlDbType.Text);
                foreach (var number in (long[])[0, 200_000, 1_700_000_000_000_000 + i, 1_700_000_000_000_000, 0])
                    await copy.WriteAsync(number, NpgsqlDbType.Bigint);
            }

            await copy.CompleteAsync();
        }

        var time = clock.Elapsed.TotalMilliseconds;
        await server.ExecuteAsync(database, "DROP TABLE bare");
        return time;
    }
}
