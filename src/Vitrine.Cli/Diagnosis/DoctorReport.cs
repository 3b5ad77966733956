namespace Vitrine.Cli.Diagnosis;

/// <summary>All checks, in the order they are read best.</summary>
internal sealed record DoctorReport(string Version, bool Fine, IReadOnlyList<Check> Checks);
