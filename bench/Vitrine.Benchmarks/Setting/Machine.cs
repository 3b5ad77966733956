using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Vitrine.Images.Vips;

namespace Vitrine.Benchmarks.Setting;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync(string work)
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        var disk = await Programs.OutputAsync("findmnt", ["-n", "-o", "FSTYPE,SOURCE", "-T", work]);
        var peer = (await Programs.OutputAsync("vipsthumbnail", ["--vips-version"])).Split('-')[0].Replace("libvips ", "", StringComparison.Ordinal).Trim();
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        return $"{cpu ?? "unknown CPU"}, {Environment.ProcessorCount} cores, {memory:0.#} GiB; Linux {Environment.OSVersion.Version} {RuntimeInformation.OSArchitecture}; "
            + $"{string.Join(" on ", disk.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))}, {SyncTime(work):0.00} ms per 4 KiB fsync; "
            + $"{RuntimeInformation.FrameworkDescription}, libvips {VipsLibrary.Version} (vipsthumbnail {peer}), SQLite {new SqliteConnection().ServerVersion}; "
            + $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, load {load} at the start.";
    }

    /// <summary>Milliseconds, the median: what every commit waits for at least.</summary>
    private static double SyncTime(string work)
    {
        var path = Path.Join(work, "fsync");
        var times = new Samples();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            for (var i = 0; i < 101; i++)
            {
                var start = Stopwatch.GetTimestamp();
                file.Write(new byte[4096]);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        File.Delete(path);
        return times.Median;
    }
}
