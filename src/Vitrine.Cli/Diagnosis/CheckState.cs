namespace Vitrine.Cli.Diagnosis;

/// <summary>How a check went.</summary>
internal enum CheckState
{
    Fine,

    /// <summary>Works, with a limit worth knowing.</summary>
    Limited,

    /// <summary>Does not work; the detail says what to do.</summary>
    Broken,
}
