using Vitrine.Cli.Settings;

namespace Vitrine.Cli.Commands;

/// <summary>The names that a shell completes.</summary>
internal static class LibraryNames
{
    /// <summary>Of the usual data folder's libraries; empty where it cannot be read, since nobody completing a word wants to hear why.</summary>
    public static IReadOnlyList<string> OfTheDataFolder()
    {
        try
        {
            using var reader = VitrineReader.OpenOrNull(ProgramSettings.Read().Engine);
            return reader is null ? [] : [.. reader.Libraries.All().Select(library => library.Name)];
        }
        catch (Exception exception) when (exception is CommandException || CommandLine.RefusalOrNull(exception) is not null)
        {
            return [];
        }
    }
}
