using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>What a process that was killed leaves in the data folder under a name that nobody will ask for again.</summary>
internal static class TemporaryFiles
{
    public static IReadOnlyList<string> In(string dataFolder)
    {
        var unfinished = Path.Join(dataFolder, "tmp");
        return
        [
            .. Directory.Exists(unfinished) ? Directory.EnumerateFiles(unfinished) : [],
            .. Directory.EnumerateFiles(dataFolder, $"{DatabaseRestore.TemporaryName}*"),
            .. Directory.EnumerateFiles(dataFolder, "*.tmp"),
            .. Directory.EnumerateFiles(dataFolder, "*.tmp-journal"),
        ];
    }
}
