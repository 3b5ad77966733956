using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Progress;

/// <summary>A snapshot in words.</summary>
internal static class ProgressText
{
    private const string Separator = ", ";

    /// <summary>e.g. <c>512 of 1,000 ready, 183 files/s, 4 s left, 2 failed</c>.</summary>
    public static string Of(ProgressItem snapshot) => string.Join(Separator, PartsOf(snapshot));

    /// <summary>The same, without the parts that do not fit.</summary>
    /// <param name="width">How many letters there is room for.</param>
    public static string Of(ProgressItem snapshot, int width)
    {
        var fitting = "";
        foreach (var part in PartsOf(snapshot))
        {
            var longer = fitting.Length == 0 ? part : fitting + Separator + part;
            if (longer.Length <= width)
                fitting = longer;
        }

        return fitting;
    }

    /// <summary>The phase, or that it is held.</summary>
    public static string PhaseOf(ProgressItem snapshot) => snapshot.Status switch
    {
        ProgressStatus.Paused => "paused",
        ProgressStatus.Cancelled => "cancelled",
        ProgressStatus.InProgress or ProgressStatus.Complete => snapshot.Phase.ToString().ToLowerInvariant(),
        _ => throw new ArgumentOutOfRangeException(nameof(snapshot), snapshot.Status, "Not a status."),
    };

    /// <summary>How much of the work is done, 0 to 1: each file passes two stages.</summary>
    public static double PartDone(ProgressItem snapshot) =>
        snapshot.Total == 0 ? 0 : (snapshot.Indexed + snapshot.Embedding + (2 * (snapshot.Ready + snapshot.Failed))) / (2.0 * snapshot.Total);

    /// <summary>e.g. <c>4.2 s</c>, <c>3 min</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 10 => $"{seconds:0.0} s",
        < 100 => $"{seconds:0} s",
        < 3600 => $"{seconds / 60:0} min",
        _ => $"{Math.Floor(seconds / 3600):0} h {Math.Floor(seconds % 3600 / 60):0} min",
    };

    private static List<string> PartsOf(ProgressItem snapshot)
    {
        var parts = new List<string> { snapshot.Scanning ? $"{snapshot.Total:N0} found, {snapshot.Ready:N0} ready" : $"{snapshot.Ready:N0} of {snapshot.Total:N0} ready" };
        if (snapshot.RatePerSecond > 0)
            parts.Add($"{snapshot.RatePerSecond:N0} files/s");
        if (snapshot.EtaSeconds is { } eta)
            parts.Add($"{Duration(eta)} left");
        if (snapshot.Failed > 0)
            parts.Add($"{snapshot.Failed:N0} failed");
        return parts;
    }
}
