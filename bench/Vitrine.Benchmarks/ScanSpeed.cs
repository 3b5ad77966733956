using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Work;

namespace Vitrine.Benchmarks;

/// <summary>Phase 1 alone, in this process: the walk and the commits of one folder, without the stages behind it.</summary>
internal static class ScanSpeed
{
    public static async Task<int> RunAsync(string folder, int repeats)
    {
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var (scan, rescan) = await MeasureAsync(folder);
            Console.WriteLine($"scan {scan.Wall.TotalMilliseconds:0} ms, {scan.Processor.TotalMilliseconds:0} ms of CPU");
            Console.WriteLine($"rescan {rescan.Wall.TotalMilliseconds:0} ms, {rescan.Processor.TotalMilliseconds:0} ms of CPU");
        }

        return 0;
    }

    /// <summary>A first scan into an empty database, then a second that finds nothing new.</summary>
    /// <param name="folder">What is scanned.</param>
    /// <param name="database">How an empty PostgreSQL database is reached; null for the embedded one.</param>
    public static async Task<(Times Scan, Times Rescan)> MeasureAsync(string folder, string? database = null)
    {
        var data = Directory.CreateTempSubdirectory("vitrine-scan-").FullName;
        try
        {
            var services = new ServiceCollection().AddLogging().AddVitrine(new VitrineOptions { DataFolder = data, Database = database });
            await using var provider = services.BuildServiceProvider();
            var libraries = provider.GetRequiredService<LibraryStore>();
            var (library, _) = await libraries.AddAsync(LibraryRoot.Check(folder, data), null, includeHidden: false, CancellationToken.None);
            var scan = await TimeAsync(provider, library, library.TaskGroupId);
            var group = await libraries.BeginTaskGroupAsync(library.Id, CancellationToken.None);
            return (scan, await TimeAsync(provider, library, group));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<Times> TimeAsync(ServiceProvider provider, Library library, long taskGroup)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await provider.GetRequiredService<LibraryScan>().RunAsync(library, taskGroup, ScanReach.Whole, confirmed: false, new JobReport(_ => { }), CancellationToken.None);
        var wall = clock.Elapsed;
        process.Refresh();
        return new Times(wall, process.TotalProcessorTime - before);
    }

    /// <summary>Of one scan.</summary>
    internal readonly record struct Times(TimeSpan Wall, TimeSpan Processor);
}
