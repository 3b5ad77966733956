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
    /// <param name="everything">Announces every library, whatever its version: tags and vectors change without one.</param>
    /// <exception cref="DatabaseUnavailableException">The database cannot be read.</exception>
    public void Run(bool everything)
    {
        var known = board.LibraryVersions(); // read first: a library that is added meanwhile is not taken for one that is gone
        var versions = database.Read(ProgressStore.LibraryVersions);
        everything |= database is PostgresDatabase postgres && postgres.TakeDoubt(); // its announcements were never made
        foreach (var (library, version) in versions)
        {
            if (known.Remove(library, out var before) && before >= version && !everything)
                continue;
            shared.Refresh(library);
            announcements.Announce(new Announcement.LibraryReloaded(library));
        }

        foreach (var gone in known.Keys)
        {
            shared.Forget(gone);
            announcements.Announce(new Announcement.LibraryForgotten(gone));
        }
    }
}
