namespace Vitrine.Cli.Diagnosis;

/// <summary>How a check went.</summary>
internal enum CheckState
{
    Ok,

    /// <summary>Works, with a limit worth knowing.</summary>
    Warning,

    /// <summary>Does not work; the detail says what to do.</summary>
    Problem,
}
