using System.Diagnostics;
using System.Text.Json;
using Vitrine.Benchmarks.Setting;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// A person jumps to somewhere else in a very large library of which next to nothing is done yet, while it is imported at full speed: how
/// long until everything on the screen has its picture?
/// </summary>
internal static class Priorities
{
    private const int Budget = 1000, OnScreen = 50, JumpsPerRun = 7;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        var folder = LinkedFiles.Ensure(run, run.Many);
        using var data = run.Scratch();
        await using var server = await ServerProcess.StartAsync(data.FullPath);
        var library = await server.AddAsync(folder);
        BenchRun.Say($"Jumps among {run.Many:N0} pending…");
        // At full speed: both stages work, their code is compiled.
        await server.ProgressWhenAsync(library, progress => !progress.Scanning && progress.Ready >= 200);
        var jumps = run.Runs * JumpsPerRun;
        Samples all = new(), first = new();
        for (var jump = 0; jump < jumps; jump++)
        {
            // From the middle on, each to where nobody has been.
            var offset = (run.Many / 2) + (jump * (run.Many / 2 / (jumps + 1)));
            var (begun, done) = await JumpAsync(server, library, offset);
            first.Add(begun);
            all.Add(done);
            await server.ProgressWhenAsync(library, progress => true);
        }

        var left = await server.ProgressAsync(library);
        return
        [
            new Figure(
                $"visible {OnScreen} have their pictures after a jump into {run.Many:N0} pending, while they are imported at full speed", "≤ 1 s",
                Figure.Time(all.Median),
                $"first picture {Figure.Time(first.Median)}; worst of {all.Count} jumps {Figure.Time(all.Max)}; {left.Pending:N0} were still pending at the end",
                all.Median <= Budget),
        ];
    }

    /// <summary>Milliseconds from the jump to the first picture and to the last.</summary>
    private static async Task<(double First, double All)> JumpAsync(ServerProcess server, string library, int offset)
    {
        var path = $"/api/libraries/{library}/assets?offset={offset}&limit={OnScreen}";
        var clock = Stopwatch.StartNew();
        double? first = null;
        using (var page = await server.GetAsync(path))
        {
            if (page.RootElement.GetProperty("items").EnumerateArray().Any(HasPicture))
                throw new InvalidOperationException($"Something at {offset} is done already: the jump would be too easy.");
            await server.PostAsync(
                $"/api/libraries/{library}/viewport",
                new { asset_ids = page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()) });
        }

        while (true)
        {
            using var page = await server.GetAsync(path);
            var pictures = page.RootElement.GetProperty("items").EnumerateArray().Count(HasPicture);
            if (pictures > 0)
                first ??= clock.Elapsed.TotalMilliseconds;
            if (pictures == OnScreen)
                return (first!.Value, clock.Elapsed.TotalMilliseconds);
            await Task.Delay(4); // which the server does not feel
        }
    }

    private static bool HasPicture(JsonElement item) => item.GetProperty("thumbnail_url").ValueKind == JsonValueKind.String;
}
