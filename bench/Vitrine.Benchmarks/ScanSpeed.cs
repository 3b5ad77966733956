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
            var data = Directory.CreateTempSubdirectory("vitrine-scan-").FullName;
            var services = new ServiceCollection().AddLogging().AddVitrine(new VitrineOptions { DataFolder = data });
            await using (var provider = services.BuildServiceProvider())
            {
                var libraries = provider.GetRequiredService<LibraryStore>();
                var (library, _) = await libraries.AddAsync(LibraryRoot.Check(folder, data), null, includeHidden: false, CancellationToken.None);
                var before = Process.GetCurrentProcess().TotalProcessorTime;
                var clock = Stopwatch.StartNew();
                await provider.GetRequiredService<LibraryScan>().RunAsync(library, library.TaskGroupId, new JobReport(_ => { }), CancellationToken.None);
                var cpu = Process.GetCurrentProcess().TotalProcessorTime - before;
                Console.WriteLine($"scan {clock.ElapsedMilliseconds} ms, {cpu.TotalMilliseconds:0} ms of CPU");
                clock.Restart();
                before = Process.GetCurrentProcess().TotalProcessorTime;
                var group = await libraries.BeginTaskGroupAsync(library.Id, CancellationToken.None);
                await provider.GetRequiredService<LibraryScan>().RunAsync(library, group, new JobReport(_ => { }), CancellationToken.None);
                cpu = Process.GetCurrentProcess().TotalProcessorTime - before;
                Console.WriteLine($"rescan {clock.ElapsedMilliseconds} ms, {cpu.TotalMilliseconds:0} ms of CPU");
            }

            Directory.Delete(data, recursive: true);
        }

        return 0;
    }
}
