namespace Vitrine.Cli.Selftest;

/// <summary>How often what was done to a server.</summary>
internal sealed class Disturbances
{
    public int ServerKills { get; set; }

    /// <summary>SIGTERM.</summary>
    public int ServerStops { get; set; }

    public int DecoderKills { get; set; }

    public int FullDisks { get; set; }

    public double FullDiskSeconds { get; set; }

    /// <summary>Files and folders added, changed, moved and deleted.</summary>
    public int FolderChanges { get; set; }

    public int Requests { get; set; }

    /// <summary>Answered with an error, or not at all: the disk was full or the server gone.</summary>
    public int RefusedRequests { get; set; }
}
