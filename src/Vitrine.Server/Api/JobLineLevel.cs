namespace Vitrine.Server.Api;

/// <summary>How grave a line in the log of a job is.</summary>
public enum JobLineLevel
{
    Information,
    Warning,
    Error,
    Critical,
}
