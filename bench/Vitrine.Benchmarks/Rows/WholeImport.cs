using System.Diagnostics;
using System.Globalization;
using Vitrine.Benchmarks.Setting;
using Vitrine.Decoding;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// What a person waits for: from the request until every photograph is ready, through the server, with database and thumbnails on disk; against
/// a plain script around <c>sharp</c>, which has the same libvips, and <c>vipsthumbnail</c>, which both only make thumbnails. In turns.
/// </summary>
internal static class WholeImport
{
    private const int First = 1_000;
    private const double AgainstSharp = 1.0, AgainstVipsthumbnail = 1.15, FirstAgainstSharp = 0.85;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        // Every contestant writes new files, and no file is removed before the end: ext4 looks at each inode that was freed in the last minutes
        // before it gives one out, which took a fifth of the server's time in a run that followed the removal of another one's thumbnails.
        using var work = run.Scratch();
        var options = new DecoderOptions();
        var paths = PhotoSet.Find(VariedPhotos.EnsureMixed(run, run.ImportPhotos));
        Way now = new(), before = new(), sharp = new();
        Samples vipsthumbnail = new();
        for (var i = 0; i < run.Runs; i++)
        {
            var turn = Path.Join(work.FullPath, $"turn-{i}");
            await SharpAsync(sharp, paths, turn, options);
            await ImportAsync(now, BenchRun.Now, Path.Join(turn, "now"), paths);
            if (run.Before is { } older)
                await ImportAsync(before, older, Path.Join(turn, "before"), paths);
            vipsthumbnail.Add(await Phase2Race.PeerAsync(paths, turn, options.ThumbnailLongSide, options.ThumbnailEffort, threads: "1"));
            BenchRun.Say($"sharp {sharp.All.Last:0.0}, now {now.All.Last:0.0}, vipsthumbnail {vipsthumbnail.Last:0.0} images/s");
        }

        var (ratio, other, first) = (now.All.Median / sharp.All.Median, now.All.Median / vipsthumbnail.Median, now.First.Median / sharp.First.Median);
        var what = $"{paths.Length:N0} photographs of {paths.Average(path => new FileInfo(path).Length) / 1e6:0.0} MB ({paths.Min(path => new FileInfo(path).Length) / 1e6:0.0} to {paths.Max(path => new FileInfo(path).Length) / 1e6:0.0})";
        return
        [
            new Figure(
                $"a whole import, from the POST to all ready, {what}", $"≥ {AgainstSharp:0.0} × `sharp`", $"{now.All.Median:0.0} images/s, {ratio:0.00} × `sharp`",
                $"`sharp` {sharp.All.Median:0.0} images/s; both {options.ThumbnailLongSide} px, WebP quality {options.ThumbnailQuality}, effort {options.ThumbnailEffort}; CPU per image: {now.Costs}, `sharp` {sharp.Decoders.Median:0.0} ms{Told(before)}",
                ratio >= AgainstSharp),
            new Figure(
                "the same", $"≥ {AgainstVipsthumbnail:0.00} × `vipsthumbnail`", $"{other:0.00} × `vipsthumbnail`", $"{vipsthumbnail.Median:0.0} images/s in as many processes as cores", other >= AgainstVipsthumbnail),
            new Figure(
                $"its first {First:N0}, decoders started cold", $"≥ {FirstAgainstSharp:0.00} × `sharp`", $"{now.First.Median:0.0} images/s, {first:0.00} × `sharp`",
                $"the first {First:N0} of `sharp` {sharp.First.Median:0.0} images/s{(before.All.Count > 0 ? $"; before {before.First.Median:0.0}" : "")}", first >= FirstAgainstSharp),
        ];

        static string Told(Way before) => before.All.Count > 0 ? $"; before {before.All.Median:0.0} images/s, {before.Costs}" : "";
    }

    private static async Task ImportAsync(Way way, string program, string data, string[] paths)
    {
        await using var server = await ServerProcess.StartProgramAsync(program, data);
        var (own, all) = (server.Processor, server.ProcessorOfAll);
        var clock = Stopwatch.StartNew();
        var library = await server.AddAsync(Path.GetDirectoryName(Path.GetDirectoryName(paths[0]))!);
        var first = Math.Min(First, paths.Length);
        await server.ProgressWhenAsync(library, progress => progress.Ready >= first);
        way.First.Add(first / clock.Elapsed.TotalSeconds);
        var progress = await server.ProgressWhenAsync(library, progress => progress.IsComplete);
        way.All.Add(paths.Length / clock.Elapsed.TotalSeconds);
        (own, all) = (server.Processor - own, server.ProcessorOfAll - all);
        way.Processes.Add(own.TotalMilliseconds / paths.Length);
        way.Decoders.Add((all - own).TotalMilliseconds / paths.Length);
        BenchRun.Say($"{way.All.Last:0.0} images/s, the first {first} {way.First.Last:0.0}; decoders {way.Decoders.Last:0.00} ms, server {way.Processes.Last:0.00} ms per image");
        if (progress.Failed > 0 || progress.Total != paths.Length)
            throw new InvalidOperationException($"{progress.Failed} of {progress.Total} photographs failed, of {paths.Length}.");
    }

    /// <summary>At the decoders' low priority, or a busy machine would decide the race.</summary>
    private static async Task SharpAsync(Way way, string[] paths, string work, DecoderOptions options)
    {
        var script = Path.Join(Environment.CurrentDirectory, "bench", "sharp", "thumbnails.mjs");
        var target = Directory.CreateDirectory(Path.Join(work, "sharp")).FullName;
        int[] numbers = [options.ThumbnailLongSide, options.ThumbnailQuality, options.ThumbnailEffort, 2 * Environment.ProcessorCount, First];
        var start = new ProcessStartInfo("nice", ["-n", "10", "node", script, target, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(string.Concat(paths.Select(path => path + "\0")));
        process.StandardInput.Close();
        var cpu = TimeSpan.Zero;
        var output = process.StandardOutput.ReadToEndAsync();
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(50)))
            cpu = ProcessTree.Processor(process.Id);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"node {script} exited with {process.ExitCode}. Is `npm ci` in bench/sharp done?");
        var seconds = (await output).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        way.All.Add(paths.Length / seconds[0]);
        way.First.Add(Math.Min(First, paths.Length) / seconds[1]);
        way.Decoders.Add(cpu.TotalMilliseconds / paths.Length);
        way.Processes.Add(0);
    }

    /// <summary>One contestant: images/s, and milliseconds of the processors per image.</summary>
    private sealed class Way
    {
        public Samples All { get; } = new();

        public Samples First { get; } = new();

        public Samples Decoders { get; } = new();

        public Samples Processes { get; } = new();

        public string Costs => $"decoders {Decoders.Median:0.0} ms, server {Processes.Median:0.0} ms";
    }
}
