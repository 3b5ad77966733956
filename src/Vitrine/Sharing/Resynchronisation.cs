using Vitrine.Caching;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Sharing;

/// <summary>
/// Finds what other processes did without this one hearing of it: every change of a library raises the version of its counters in
/// the same transaction, so a version that is higher than the one on the board means that something was missed.
/// </summary>
/// <remarks>Costs one small query.</remarks>
public sealed class Resynchronisation(Database database, SharedProgress shared, ProgressBoard board, Announcements announcements)
{
    /// <summary>Compares, and announces what was missed.</summary>
    /// <param name="everything">Announces every library, whatever its version: tags and vectors change without one.</param>
    /// <exception cref="DatabaseUnavailableException">The database cannot be read.</exception>
    public void Run(bool everything) => Reload(Behind(everything));

    /// <summary>
    /// The libraries that the board is behind with, and the versions they have; those that are gone are announced at once. While another
    /// process works there is always one, whose message is on its way: it was missed when it is still behind a moment later.
    /// </summary>
    /// <inheritdoc cref="Run"/>
    public IReadOnlyDictionary<long, long> Behind(bool everything)
    {
        var known = board.LibraryVersions(); // read first: a library that is added meanwhile is not taken for one that is gone
        var versions = database.Read(ProgressStore.LibraryVersions);
        everything |= database is PostgresDatabase postgres && postgres.TakeDoubt(); // its announcements were never made
        var behind = new Dictionary<long, long>();
        foreach (var (library, version) in versions)
        {
            if (!known.Remove(library, out var before) || before < version || everything)
                behind[library] = everything ? long.MaxValue : version;
        }

        foreach (var gone in known.Keys)
        {
            shared.Forget(gone);
            announcements.Announce(new Announcement.LibraryForgotten(gone));
        }

        return behind;
    }

    /// <summary>Announces those of <see cref="Behind"/> that the board has not caught up with.</summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot be read.</exception>
    public void Reload(IReadOnlyDictionary<long, long> behind)
    {
        var known = board.LibraryVersions();
        foreach (var (library, version) in behind)
        {
            if (known.TryGetValue(library, out var now) && now >= version)
                continue;
            shared.Refresh(library);
            announcements.Announce(new Announcement.LibraryReloaded(library));
        }
    }
}
