namespace Vitrine.Cli.Diagnosis;

/// <summary>All checks, in the order they are read best.</summary>
/// <param name="Fine">Whether none found a problem; warnings do not count.</param>
/// <param name="Repairs">What <c>--repair</c> did before the checks.</param>
internal sealed record DoctorReport(string Version, bool Fine, IReadOnlyList<Check> Checks, IReadOnlyList<string> Repairs);
