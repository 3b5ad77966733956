using Vitrine.Server.Api;
using Vitrine.Server.Requests;

namespace Vitrine.Cli.Client;

/// <summary>Finds libraries as people name them.</summary>
internal static class LibraryChoice
{
    /// <param name="libraries">Which of them there are.</param>
    /// <param name="wanted">A name, whatever its case, or an id; null for all libraries.</param>
    /// <exception cref="CommandException">There is none, or several have the name.</exception>
    public static async Task<IReadOnlyList<LibraryItem>> FindAsync(ILibraryReader libraries, string? wanted, CancellationToken cancellationToken)
    {
        var all = await libraries.LibrariesAsync(cancellationToken);
        if (wanted is null)
            return all;
        var found = all.Where(library => library.LibraryId == wanted || library.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        return found switch
        {
            [_] => found,
            [] => throw CommandException.Usage(
                $"There is no library '{wanted}'.{NearestWord.Question(wanted, all.Select(library => library.Name))} 'vitrine status' lists them."),
            _ => throw CommandException.Usage($"Several libraries are named '{wanted}': give the id of one ({string.Join(", ", found.Select(library => library.LibraryId))})."),
        };
    }

    /// <summary>The one library of this name or id.</summary>
    /// <exception cref="CommandException">There is none, or several have the name.</exception>
    public static async Task<LibraryItem> FindOneAsync(ILibraryReader libraries, string wanted, CancellationToken cancellationToken) =>
        (await FindAsync(libraries, wanted, cancellationToken))[0];
}
