namespace Vitrine.Cli.Commands;

/// <summary>What <c>vitrine --help</c> prints: the commands in groups, examples, and where the manual is.</summary>
internal static class CommandOverview
{
    private static readonly (CommandGroup Group, string Title)[] s_groups =
        [(CommandGroup.Everyday, "Everyday"), (CommandGroup.Care, "Care"), (CommandGroup.ManyMachines, "Many machines")];

    private static readonly (string Line, string Does)[] s_examples =
    [
        ("vitrine ~/Pictures", "Serve a folder; the same as 'vitrine serve ~/Pictures'."),
        ("vitrine import ~/Pictures --library Family", "Take a folder in, wait, and say what failed."),
        ("vitrine search beach tag:summer", "Print the paths of what matches."),
    ];

    public static void Print(TextWriter output)
    {
        output.WriteLine("A library for large folders of pictures and 3D models.");
        output.WriteLine();
        output.WriteLine("Usage: vitrine [FOLDER…]");
        output.WriteLine("       vitrine COMMAND [OPTION…]");
        var width = CommandCatalogue.All.Max(entry => Usage(entry).Length);
        foreach (var (group, title) in s_groups)
        {
            output.WriteLine();
            output.WriteLine(title);
            foreach (var entry in CommandCatalogue.All.Where(entry => entry.Group == group))
                output.WriteLine($"  {Usage(entry).PadRight(width)}  {entry.Create().Description}");
        }

        output.WriteLine();
        output.WriteLine("Examples");
        foreach (var (line, does) in s_examples)
            output.WriteLine($"  {line.PadRight(s_examples.Max(example => example.Line.Length))}  {does}");
        output.WriteLine();
        output.WriteLine("'vitrine COMMAND --help' says what a command takes. The manual is docs/cli.md beside the program's sources; docs/configuration.md has its options.");
    }

    private static string Usage(CommandEntry entry) => $"{entry.Name} {entry.Synopsis}".TrimEnd();
}
