using System.Globalization;
using System.Text;
using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Sharing;

/// <summary>
/// Announcements as short lines: a letter for the kind, then its parts. Asset ids are runs of first differences in base 10,
/// <c>1000,+1x4,+7</c>: 1000, 1001, 1002, 1003, 1004, 1011.
/// </summary>
/// <remarks>
/// <code>
/// A LIBRARY IDS     assets added         C LIBRARY IDS    assets changed      R LIBRARY IDS   assets removed
/// L LIBRARY         library changed      F LIBRARY        library forgotten   J NAME          job changed
/// T NAME            tag changed          E LIBRARY IDS    embedded: new vectors   K NAME          job asked to end or wait
/// </code>
/// Caches are each process's own and are not told.
/// </remarks>
internal static class AnnouncementText
{
    /// <summary>One announcement as lines of at most <see cref="PostgresNotifications.MaxBytes"/> bytes together with <paramref name="prefix"/>.</summary>
    public static IEnumerable<string> Lines(Announcement announcement, string prefix) => announcement switch
    {
        Announcement.AssetsAdded added => IdLines($"{prefix}A {added.LibraryId} ", added.AssetIds),
        Announcement.AssetsChanged changed => IdLines($"{prefix}C {changed.LibraryId} ", Ordered(changed.AssetIds)),
        Announcement.AssetsRemoved removed => IdLines($"{prefix}R {removed.LibraryId} ", Ordered(removed.AssetIds)),
        Announcement.LibraryChanged library => [$"{prefix}L {library.LibraryId}"],
        Announcement.LibraryForgotten library => [$"{prefix}F {library.LibraryId}"],
        Announcement.JobChanged job => [$"{prefix}J {job.Name}"],
        Announcement.JobAsked job => [$"{prefix}K {job.Name}"],
        Announcement.TagsChanged tags => tags.Names.Select(name => $"{prefix}T {name}"),
        Announcement.VectorsChanged vectors => IdLines($"{prefix}E {vectors.LibraryId} ", Ordered(vectors.AssetIds)),
        Announcement.CacheChanged or Announcement.LibraryReloaded => [],
        _ => throw new ArgumentOutOfRangeException(nameof(announcement), announcement, "An announcement without a letter."),
    };

    /// <summary>Null for a line of a newer program that this one does not know.</summary>
    /// <exception cref="FormatException">A known kind whose parts cannot be read.</exception>
    public static Announcement? ReadOrNull(string line)
    {
        var rest = line.Length > 2 ? line[2..] : "";
        return line is [var kind, ' ', ..]
            ? kind switch
            {
                'A' => Ids(rest, (library, ids) => new Announcement.AssetsAdded(library, ids)),
                'C' => Ids(rest, (library, ids) => new Announcement.AssetsChanged(library, ids)),
                'R' => Ids(rest, (library, ids) => new Announcement.AssetsRemoved(library, ids)),
                'L' => new Announcement.LibraryChanged(Number(rest)),
                'F' => new Announcement.LibraryForgotten(Number(rest)),
                'J' => new Announcement.JobChanged(rest),
                'E' => Ids(rest, (library, ids) => new Announcement.VectorsChanged(library, ids, AreLoaded: false)),
                'K' => new Announcement.JobAsked(rest),
                'T' => new Announcement.TagsChanged([rest], AreCounted: false),
                _ => null,
            }
            : null;
    }

    private static long[] Ordered(IReadOnlyList<long> ids) => [.. ids.Order()];

    private static IEnumerable<string> IdLines(string start, IReadOnlyList<long> ids)
    {
        var line = new StringBuilder(start);
        for (var at = 0; at < ids.Count;)
        {
            var run = 0;
            string part;
            if (line.Length == start.Length)
            {
                part = ids[at].ToString(CultureInfo.InvariantCulture);
                run = 1;
            }
            else
            {
                var step = ids[at] - ids[at - 1];
                while (at + run < ids.Count && ids[at + run] - ids[at + run - 1] == step)
                    run++;
                part = run == 1 ? $",+{step}" : $",+{step}x{run}";
            }

            if (line.Length + part.Length > PostgresNotifications.MaxBytes)
            {
                yield return line.ToString();
                line.Length = start.Length;
                continue;
            }

            line.Append(part);
            at += run;
        }

        if (line.Length > start.Length)
            yield return line.ToString();
    }

    private static Announcement Ids(string rest, Func<long, long[], Announcement> make)
    {
        var space = rest.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
            throw new FormatException($"No asset ids in '{rest}'.");
        var ids = new List<long>();
        foreach (var part in rest[(space + 1)..].Split(','))
        {
            if (part is not ['+', ..])
            {
                ids.Add(Number(part));
                continue;
            }

            var times = part.IndexOf('x', StringComparison.Ordinal);
            var step = Number(times < 0 ? part[1..] : part[1..times]);
            for (var left = times < 0 ? 1 : Number(part[(times + 1)..]); left > 0; left--)
                ids.Add(ids[^1] + step);
        }

        return make(Number(rest[..space]), [.. ids]);
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is not a number.");
}
