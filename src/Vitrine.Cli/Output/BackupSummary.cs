namespace Vitrine.Cli.Output;

/// <summary>What <c>vitrine backup</c> wrote.</summary>
internal sealed record BackupSummary(string DataFolder, string File, long Bytes);
