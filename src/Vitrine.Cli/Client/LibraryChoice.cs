using Vitrine.Server.Api;

namespace Vitrine.Cli.Client;

/// <summary>Finds libraries as people name them.</summary>
internal static class LibraryChoice
{
    /// <param name="wanted">A name, whatever its case, or an id; null for all libraries.</param>
    /// <exception cref="CommandException">There is none, or several have the name.</exception>
    public static async Task<IReadOnlyList<LibraryItem>> FindAsync(VitrineClient client, string? wanted, CancellationToken cancellationToken)
    {
        var all = await client.LibrariesAsync(cancellationToken);
        if (wanted is null)
            return all;
        var found = all.Where(library => library.LibraryId == wanted || library.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        return found switch
        {
            [_] => found,
            [] => throw CommandException.Usage($"There is no library '{wanted}'. 'vitrine status' lists them."),
            _ => throw CommandException.Usage($"Several libraries are named '{wanted}': give the id of one ({string.Join(", ", found.Select(library => library.LibraryId))})."),
        };
    }
}
