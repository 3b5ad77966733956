using System.Buffers.Binary;
using System.Data.Common;

namespace Vitrine.Transfer;

/// <summary>Names rows that one side has and the other has not, or has otherwise. Runs only when a check has failed.</summary>
internal static class DifferingRows
{
    /// <returns>Up to <paramref name="count"/> rows, by their first two columns that are text.</returns>
    public static IReadOnlyList<string> Find(ComparedRows rows, DbCommand there, DbCommand here, int count, CancellationToken cancellationToken)
    {
        using (there)
        using (here)
        {
            // Hashes first, then the names of what is left: names of a million rows would be much to keep.
            var left = Hashes(rows, there, cancellationToken);
            foreach (var hash in Hashes(rows, here, cancellationToken))
            {
                if (!left.Remove(hash))
                    left.Add(hash);
            }

            var found = new List<string>();
            foreach (var side in (DbCommand[])[there, here])
                Name(rows, side, left, found, count, cancellationToken);
            return [.. found.Distinct(StringComparer.Ordinal).Take(count)];
        }
    }

    /// <summary>Half of each hash tells the rows of a library apart as well as all of it.</summary>
    private static HashSet<UInt128> Hashes(ComparedRows rows, DbCommand command, CancellationToken cancellationToken)
    {
        var hashes = new HashSet<UInt128>();
        var digest = new RowDigest(rows.Columns);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            hashes.Add(Key(digest, reader));
        }

        return hashes;
    }

    private static void Name(ComparedRows rows, DbCommand command, HashSet<UInt128> wanted, List<string> found, int count, CancellationToken cancellationToken)
    {
        var digest = new RowDigest(rows.Columns);
        using var reader = command.ExecuteReader();
        while (found.Count < count && reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (wanted.Contains(Key(digest, reader)))
                found.Add(NameOf(rows, reader));
        }
    }

    private static UInt128 Key(RowDigest digest, DbDataReader reader) =>
        BinaryPrimitives.ReadUInt128BigEndian(digest.HashOf(reader));

    private static string NameOf(ComparedRows rows, DbDataReader reader)
    {
        var texts = Enumerable.Range(0, 2).Where(place => rows.Columns[place].Kind == ColumnKind.Text).Select(reader.GetString).Where(text => text.Length > 0);
        return string.Join('/', texts) is { Length: > 0 } name ? name : $"{reader.GetValue(0)}";
    }
}
