using System.Diagnostics;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// Pages of 200 at the start, the middle and the end of a very large library, over loopback on one kept connection: while nothing else
/// happens, while another folder is scanned, and while another is worked on by all decoders.
/// </summary>
internal static class GridPages
{
    private const int IdleBudget = 10, BusyBudget = 50;

    private static readonly string[] s_sorts = ["added", "name"];

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var (scanned, imported) = (LinkedFiles.Ensure(run, run.Most), VariedPhotos.Ensure(run, run.MorePhotos));
        var (data, library) = await PreparedLibrary.CopyAsync(run, run.Most);
        using var _ = data;
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        // What the first page in each order costs; then the compiler gets time to finish.
        var first = s_sorts.Select(_ => new Samples()).ToArray();
        for (var sort = 0; sort < s_sorts.Length; sort++)
            first[sort].Add(await server.TimePageAsync(library, 0, s_sorts[sort]));
        await PagesAsync(run, server, library, rounds: 100, _ => Task.FromResult(true));

        BenchRun.Say("Pages while nothing else happens…");
        var idle = await PagesAsync(run, server, library, rounds: run.Runs * (run.Quick ? 50 : 300), _ => Task.FromResult(true));

        BenchRun.Say("Pages while another folder is imported…");
        var photos = await server.AddAsync(imported);
        var limit = Stopwatch.StartNew();
        var importing = await PagesAsync(
            run, server, library, int.MaxValue,
            async round => round % 10 != 0 || (limit.Elapsed.TotalSeconds < 20 * run.Runs && !(await server.ProgressAsync(photos)).IsComplete));
        await server.PostAsync($"/api/libraries/{photos}/cancel");

        BenchRun.Say("Pages while another folder is scanned…");
        var files = await server.AddAsync(scanned);
        var scanning = await PagesAsync(run, server, library, int.MaxValue, async _ => (await server.ProgressAsync(files)).Scanning);
        return
        [
            Row($"grid page of 200 of {run.Most:N0}, idle", idle, IdleBudget),
            Row($"grid page of 200 of {run.Most:N0}, while {run.MorePhotos:N0} other photographs are imported at full speed", importing, BusyBudget),
            Row($"grid page of 200 of {run.Most:N0}, while {run.Most:N0} other files are scanned", scanning, BusyBudget),
            Figure.Told(
                $"first page of {run.Most:N0} after the start of the server", Figure.Time(first[0].Median),
                $"first page in the order of names, which is built then: {Figure.Time(first[1].Median)}"),
        ];
    }

    private static Figure Row(string what, Dictionary<(string Sort, string Place), Samples> times, int budget)
    {
        var worst = times.Values.Max(samples => samples.At(0.99));
        var all = new Samples();
        foreach (var samples in times.Values)
            all.Add(samples);
        var parts = times.Select(pair => $"{pair.Key.Place} by {pair.Key.Sort} {pair.Value.Median:0.0}/{pair.Value.At(0.99):0.0}");
        return new Figure(
            what, $"p99 ≤ {budget} ms", $"p50 {all.Median:0.0} ms, p99 {worst:0.0} ms",
            $"p50/p99 in ms: {string.Join(", ", parts)}; worst of {all.Count:N0} pages {all.Max:0.0}", worst <= budget);
    }

    /// <summary>Every order and place in turn, until there were enough rounds or it is over.</summary>
    private static async Task<Dictionary<(string Sort, string Place), Samples>> PagesAsync(
        BenchRun run, ServerProcess server, string library, int rounds, Func<int, Task<bool>> goOn)
    {
        (string Name, long Offset)[] places = [("start", 0), ("middle", run.Most / 2), ("end", run.Most - 200)];
        var times = s_sorts.SelectMany(sort => places.Select(place => (sort, place.Name))).ToDictionary(key => key, _ => new Samples());
        for (var round = 0; round < rounds && await goOn(round); round++)
        {
            foreach (var sort in s_sorts)
            {
                foreach (var (name, offset) in places)
                    times[(sort, name)].Add(await server.TimePageAsync(library, offset, sort));
            }
        }

        return times;
    }
}
