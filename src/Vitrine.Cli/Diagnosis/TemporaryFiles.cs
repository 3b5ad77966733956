using System.Text.RegularExpressions;
using Vitrine.Images;
using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>
/// What a process that was killed leaves in the data folder under a name that nobody will ask for again. Only what has such a name: a person may keep other things there.
/// </summary>
internal static partial class TemporaryFiles
{
    public static IReadOnlyList<string> In(string dataFolder)
    {
        var unfinished = Path.Join(dataFolder, "tmp");
        return
        [
            .. Directory.Exists(unfinished) ? Directory.EnumerateFiles(unfinished).Where(file => DerivedFolder.IsUnfinished(Path.GetFileName(file))) : [],
            .. Directory.EnumerateFiles(dataFolder, $"{DatabaseRestore.TemporaryName}*"),
            .. Directory.EnumerateFiles(dataFolder).Where(file => Backup().IsMatch(file)),
        ];
    }

    /// <summary>What <see cref="DatabaseBackup"/> writes, with its journal.</summary>
    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp(-journal)?$")]
    private static partial Regex Backup();
}
