using System.CommandLine;

namespace Vitrine.Cli.Commands;

/// <summary>Every command there is, in the order of the help.</summary>
internal static class CommandCatalogue
{
    public const string Program = "vitrine";

    public static IReadOnlyList<CommandEntry> All { get; } =
    [
        new(CommandGroup.Everyday, "serve", "[FOLDER…]", ServeCommand.Create),
        new(CommandGroup.Everyday, "import", "FOLDER", ImportCommand.Create),
        new(CommandGroup.Everyday, "status", "", StatusCommand.Create),
        new(CommandGroup.Everyday, "search", "QUERY", SearchCommand.Create),
        new(CommandGroup.Everyday, "open", "[ASSET|LIBRARY]", OpenCommand.Create),
        new(CommandGroup.Everyday, "failures", "", FailuresCommand.Create),
        new(CommandGroup.Everyday, "retry", "ASSET|--all", RetryCommand.Create),
        new(CommandGroup.Everyday, "rename", "LIBRARY NAME", RenameCommand.Create),
        new(CommandGroup.Everyday, "forget", "LIBRARY", ForgetCommand.Create),
        new(CommandGroup.Everyday, "demo", "[FOLDER]", DemoCommand.Create),
        new(CommandGroup.Care, "pause", "LIBRARY", LibraryWorkCommand.CreatePause),
        new(CommandGroup.Care, "resume", "LIBRARY", LibraryWorkCommand.CreateResume),
        new(CommandGroup.Care, "cancel", "LIBRARY", LibraryWorkCommand.CreateCancel),
        new(CommandGroup.Care, "jobs", "[NAME]", JobsCommand.Create),
        new(CommandGroup.Care, "doctor", "", DoctorCommand.Create),
        new(CommandGroup.Care, "backup", "FILE", BackupCommand.Create),
        new(CommandGroup.Care, "restore", "FILE", RestoreCommand.Create),
        new(CommandGroup.Care, "token", "", TokenCommand.Create),
        new(CommandGroup.Care, "completion", "SHELL", CompletionCommand.Create),
        new(CommandGroup.Care, "selftest", "", SelftestCommand.Create),
        new(CommandGroup.ManyMachines, "worker", "", WorkerCommand.Create),
        new(CommandGroup.ManyMachines, "migrate", "", MigrateCommand.Create),
        new(CommandGroup.Hidden, "openapi", "", OpenApiCommand.Create),
    ];

    /// <summary>Words are taken as they are: a name that begins with <c>@</c> is no file of more words.</summary>
    public static ParserConfiguration Parsing => new() { ResponseFileTokenReplacer = null };

    public static CommandEntry? FindOrNull(string name) => All.FirstOrDefault(entry => entry.Name == name);

    /// <summary>With these commands only.</summary>
    public static RootCommand CreateRoot(IEnumerable<CommandEntry> entries)
    {
        var root = new RootCommand("A library for large folders of pictures and 3D models.") { HelpName = Program };
        foreach (var entry in entries)
            root.Add(entry.Create());
        return root;
    }
}
