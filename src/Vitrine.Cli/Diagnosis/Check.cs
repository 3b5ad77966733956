namespace Vitrine.Cli.Diagnosis;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What it is, in snake_case.</param>
/// <param name="Detail">What was found, and what to do where it is not fine.</param>
internal sealed record Check(string Name, CheckState State, string Detail)
{
    public static Check Ok(string name, string detail) => new(name, CheckState.Ok, detail);

    public static Check Warning(string name, string detail) => new(name, CheckState.Warning, detail);

    public static Check Problem(string name, string detail) => new(name, CheckState.Problem, detail);
}
