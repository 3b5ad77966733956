using System.Buffers.Binary;
using System.Data.Common;
using Vitrine.Images;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>Rows, originals and what was made of them, compared. Looks at every file: seconds at 100,000 of them.</summary>
/// <param name="Orphans">Thumbnails and previews that no asset has the content of, as full paths.</param>
/// <param name="Missing">Ready assets whose thumbnail is not there, by id; only of libraries whose folder is there.</param>
/// <param name="Gone">Rows whose file is not there, as full paths; only of libraries whose folder is there.</param>
/// <param name="Thumbnails">How many thumbnails there are.</param>
/// <param name="Rows">How many assets.</param>
/// <param name="Away">Libraries whose folder is not there: their files were not looked at.</param>
internal sealed record DerivedFiles(
    IReadOnlyList<string> Orphans, IReadOnlyList<long> Missing, IReadOnlyList<string> Gone, long Thumbnails, long Rows, IReadOnlyList<string> Away)
{
    private const string RowsSql =
        """
        SELECT a.id, l.path, f.path, a.name, a.status, a.sha256, a.thumbnail
        FROM assets a JOIN libraries l ON l.id = a.library_id JOIN folders f ON f.id = a.folder_id
        """;

    public static DerivedFiles Look(DbConnection connection, string dataFolder, CancellationToken cancellationToken)
    {
        var (thumbnails, orphans) = Kept(connection, dataFolder, cancellationToken);
        var away = connection.Query("SELECT path FROM libraries", row => row.GetString(0)).Where(root => !LibraryRoot.IsPresent(root)).ToList();
        var (missing, gone) = (new List<long>(), new List<string>());
        var rows = 0L;
        connection.Query(RowsSql, row =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows++;
            if (away.Contains(row.GetString(1)))
                return 0;
            var file = Path.Join(row.GetString(1), row.GetString(2), row.GetString(3));
            if (!File.Exists(file))
                gone.Add(file);
            else if ((AssetStatus)row.GetInt32(4) == AssetStatus.Ready && row.GetBoolean(6) && row.BytesOrNull(5) is { } hash && !thumbnails.Contains(Key(hash)))
                missing.Add(row.GetInt64(0));
            return 0;
        });
        return new DerivedFiles(orphans, missing, gone, thumbnails.Count, rows, away);
    }

    private static (HashSet<UInt128> Thumbnails, List<string> Orphans) Kept(DbConnection connection, string dataFolder, CancellationToken cancellationToken)
    {
        var known = new HashSet<UInt128>();
        connection.Query("SELECT sha256 FROM assets WHERE sha256 IS NOT NULL", row => known.Add(Key(row.GetFieldValue<byte[]>(0))));
        var (thumbnails, orphans) = (new HashSet<UInt128>(), new List<string>());
        foreach (var kind in (string[])[DerivedName.Thumbnails, DerivedName.Previews])
        {
            var folder = Path.Join(dataFolder, kind);
            foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (KeyOrNull(Path.GetFileName(file)) is not { } key)
                    continue; // a person's
                if (!known.Contains(key))
                    orphans.Add(file);
                else if (kind == DerivedName.Thumbnails)
                    thumbnails.Add(key);
            }
        }

        return (thumbnails, orphans);
    }

    /// <summary>Half of a SHA-256 tells a million contents apart as well as all of it, in half the memory.</summary>
    private static UInt128 Key(byte[] sha256) => BinaryPrimitives.ReadUInt128BigEndian(sha256);

    private static UInt128? KeyOrNull(string name) =>
        name.Length == 69 && name.EndsWith(".webp", StringComparison.Ordinal) && name[..64].All(char.IsAsciiHexDigitLower)
            ? Key(Convert.FromHexString(name.AsSpan(0, 64)))
            : null;
}
