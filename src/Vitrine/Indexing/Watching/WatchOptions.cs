using System.ComponentModel.DataAnnotations;

namespace Vitrine.Indexing.Watching;

/// <summary>How libraries are followed.</summary>
public sealed record WatchOptions
{
    /// <summary>Whether changes in the folders are noticed and taken in by themselves, and each library is scanned once at the start.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Between the scans of a library that cannot be watched as a whole.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "24:00:00")]
    public TimeSpan RescanInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between the scans of a library that is watched: should a watch ever die in silence, what it missed is found all the same.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00")]
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Between two looks whether the folders of all libraries are there.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RootCheckInterval { get; init; } = TimeSpan.FromSeconds(5);
}
