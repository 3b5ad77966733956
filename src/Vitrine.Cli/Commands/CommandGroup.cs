namespace Vitrine.Cli.Commands;

/// <summary>Where a command stands in the help.</summary>
internal enum CommandGroup
{
    /// <summary>What everybody uses.</summary>
    Everyday,

    /// <summary>What keeps the data well.</summary>
    Care,

    /// <summary>What several machines on one database need.</summary>
    ManyMachines,

    /// <summary>For programs, not for people.</summary>
    Hidden,
}
