using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>Resident memory of the server while it scans, is paged through, works and compares, and of one decoder over very many pictures.</summary>
internal static class Memory
{
    private const int DecoderBudget = 250;

    private static readonly string[] s_sorts = ["added", "name", "size", "modified"];

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run) =>
        [await ServerAsync(run, run.Many, budget: 300), await ServerAsync(run, run.Most, budget: 700), await DecoderAsync(run)];

    private static async Task<Figure> ServerAsync(BenchRun run, int count, int budget)
    {
        var (scanned, paged, working, peak) = await WhileImportingAsync(run, count);
        var (ready, compared, peakReady) = await WhenReadyAsync(run, count);
        var most = Math.Max(peak, peakReady);
        return new Figure(
            $"memory: server at {count:N0} assets", $"≤ {budget} MB", $"{Figure.Mebibytes(most)} at most",
            $"resident after the scan {Figure.Mebibytes(scanned)}, after paging around in {s_sorts.Length} orders {Figure.Mebibytes(paged)}, during phases 2 and 3 {Figure.Mebibytes(working)} "
            + $"(peak {Figure.Mebibytes(peak)}); started anew with all ready and paged {Figure.Mebibytes(ready)}, after a search for similar ones, all vectors in memory, {Figure.Mebibytes(compared)} (peak {Figure.Mebibytes(peakReady)})",
            most >> 20 <= budget);
    }

    private static async Task<(long Scanned, long Paged, long Working, long Peak)> WhileImportingAsync(BenchRun run, int count)
    {
        var folder = LinkedFiles.Ensure(run, count);
        BenchRun.Say($"Memory with {count:N0} assets…");
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        var library = await server.AddAsync(folder);
        await server.ProgressWhenAsync(library, progress => !progress.Scanning);
        var scanned = server.Resident;
        await PageAroundAsync(server, library, count);
        var paged = server.Resident;
        using var time = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var second = 0; second < (run.Quick ? 5 : 60); second++)
        {
            await time.WaitForNextTickAsync();
            await server.TimePageAsync(library, second * 200L, "added");
        }

        return (scanned, paged, server.Resident, server.Peak);
    }

    private static async Task<(long Ready, long Compared, long Peak)> WhenReadyAsync(BenchRun run, int count)
    {
        var (data, library) = await PreparedLibrary.CopyAsync(run, count);
        using var _ = data;
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        await PageAroundAsync(server, library, count);
        var ready = server.Resident;
        for (var id = 1; id <= 10; id++)
            (await server.GetAsync($"/api/assets/{id}/similar")).Dispose();
        return (ready, server.Resident, server.Peak);
    }

    private static async Task PageAroundAsync(ServerProcess server, string library, int count)
    {
        var random = new Random(1);
        foreach (var sort in s_sorts)
        {
            for (var page = 0; page < 100; page++)
                await server.TimePageAsync(library, random.Next(count - 200), sort);
        }
    }

    private static async Task<Figure> DecoderAsync(BenchRun run)
    {
        var paths = PhotoSet.Find(VariedPhotos.Ensure(run, run.MorePhotos));
        BenchRun.Say($"Memory of a decoder over {paths.Length:N0} pictures…");
        var readings = new List<(int Done, long Resident)>();
        await foreach (var reading in DecoderMemory.MeasureAsync(paths, Math.Max(paths.Length, 4000)))
            readings.Add(reading);
        var most = readings.Max(reading => reading.Resident);
        // Flat: what it holds at the end is no more than a tenth above what it held when it was warm.
        var warm = readings.First(reading => reading.Done >= 2000).Resident;
        var isFlat = readings[^1].Resident <= warm * 1.1;
        var told = readings.Where(reading => reading.Done % 2000 == 0).Select(reading => $"{reading.Done:N0}: {Figure.Mebibytes(reading.Resident)}");
        return new Figure(
            $"memory: one decoder after {readings[^1].Done:N0} images", $"≤ {DecoderBudget} MB and flat", $"{Figure.Mebibytes(most)} at most, {(isFlat ? "flat" : "growing")}",
            string.Join(", ", told), most >> 20 <= DecoderBudget && isFlat);
    }
}
