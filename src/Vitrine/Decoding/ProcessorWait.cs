using System.Globalization;

namespace Vitrine.Decoding;

/// <summary>
/// How long each thread of a process has been ready to run and had no processor since it began, as Linux counts it in <c>/proc/ID/task/ID/schedstat</c>
/// (its second figure, in nanoseconds, brought up to date when the thread gets a processor). Immutable.
/// </summary>
internal sealed class ProcessorWait
{
    private readonly Dictionary<string, TimeSpan> _waits;

    /// <summary>Of threads that have waited so long until now, by any name.</summary>
    internal ProcessorWait(params IEnumerable<(string Thread, TimeSpan Wait)> threads) => _waits = threads.ToDictionary(thread => thread.Thread, thread => thread.Wait);

    /// <summary>Of a process, now. Nothing was waited where the system does not say: on other systems, and when the process is gone.</summary>
    /// <param name="processId">Of any process.</param>
    /// <param name="time">The clock that the waits are held against; by any other than the system's nothing was waited, because the kernel knows no other.</param>
    public static ProcessorWait Of(int processId, TimeProvider time)
    {
        if (!OperatingSystem.IsLinux() || time != TimeProvider.System)
            return new ProcessorWait();
        try
        {
            return new ProcessorWait(Directory.EnumerateDirectories($"/proc/{processId}/task").Select(thread => (thread, OfThread(thread))));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new ProcessorWait(); // it has ended meanwhile, or is not shown to others
        }
    }

    /// <summary>What the thread that waited the longest has waited since then.</summary>
    public TimeSpan Since(ProcessorWait before) =>
        _waits.Select(now => now.Value - before._waits.GetValueOrDefault(now.Key)).Append(TimeSpan.Zero).Max();

    private static TimeSpan OfThread(string folder)
    {
        try
        {
            var figures = File.ReadAllText(Path.Join(folder, "schedstat")).Split(' ');
            return figures.Length > 1 && long.TryParse(figures[1], NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds)
                ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick)
                : TimeSpan.Zero;
        }
        catch (IOException)
        {
            return TimeSpan.Zero; // the thread has ended
        }
    }
}
