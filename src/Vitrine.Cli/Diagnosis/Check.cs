namespace Vitrine.Cli.Diagnosis;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What it is, in snake_case.</param>
/// <param name="Detail">What was found, and what to do where it is not fine.</param>
internal sealed record Check(string Name, CheckState State, string Detail)
{
    public static Check Fine(string name, string detail) => new(name, CheckState.Fine, detail);

    public static Check Limited(string name, string detail) => new(name, CheckState.Limited, detail);

    public static Check Broken(string name, string detail) => new(name, CheckState.Broken, detail);
}
