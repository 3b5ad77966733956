using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Vitrine.Cli.Diagnosis;
using Vitrine.Decoding;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Storage;

namespace Vitrine.Cli.Selftest;

/// <summary>Looks at everything a server left, when it has ended: nothing of its own is asked, only its files are read.</summary>
internal sealed class Proofs(TestedFolder folder, string dataFolder, LibraryItem library)
{
    private const int ThumbnailsAtOnce = 32;

    private const string RowsSql =
        """
        SELECT CASE WHEN f.path = '' THEN a.name ELSE f.path || '/' || a.name END, a.status, a.size, a.modified_at, a.sha256, a.thumbnail, x.reason,
            (SELECT COUNT(*) FROM embeddings e WHERE e.asset_id = a.id), a.claim_owner IS NOT NULL
        FROM assets a JOIN folders f ON f.id = a.folder_id LEFT JOIN failures x ON x.asset_id = a.id
        """;

    public async Task<IReadOnlyList<Proof>> AllAsync(IReadOnlyList<Violation> misbehaviour, CancellationToken cancellationToken)
    {
        using var connection = DatabaseFile.OpenToRead(Path.Join(dataFolder, DatabaseFile.Name));
        var rows = connection.Query(RowsSql, row => new Row(
            row.GetString(0), (AssetStatus)row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.BytesOrNull(4) is { } hash ? Convert.ToHexStringLower(hash) : null,
            row.GetBoolean(5), row.StringOrNull(6), row.GetInt64(7), row.GetBoolean(8)));
        return
        [
            new Proof("the server answered, lived and ended as it should", 1, misbehaviour),
            Originals(),
            OneRow(rows),
            OneOutcome(rows),
            CurrentContent(rows),
            Counters(connection, rows),
            await ThumbnailsAsync(rows, cancellationToken),
            NothingTemporary(),
            Database(connection),
        ];
    }

    private Proof Originals() => Each(
        "no original was touched",
        folder.Files,
        file => !File.Exists(folder.Full(file.Key)) ? new Violation(file.Key, "is gone")
            : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.Full(file.Key)))) == file.Value.Sha256 ? null : new Violation(file.Key, "has another content"));

    private Proof OneRow(List<Row> rows)
    {
        var byPath = rows.ToLookup(row => row.Path, StringComparer.Ordinal);
        var missing = folder.Files.Keys.Where(path => byPath[path].Count() != 1).Select(path => new Violation(path, $"has {byPath[path].Count()} rows"));
        var extra = rows.Where(row => !folder.Files.ContainsKey(row.Path)).Select(row => new Violation(row.Path, $"has a row ({row.Status}), and there is no such file"));
        return new Proof("every file has exactly one row, and every row a file", rows.Count, [.. missing, .. extra]);
    }

    private Proof OneOutcome(List<Row> rows) => Each(
        "every file is ready, or failed for its own reason, and nobody holds it",
        rows.Where(row => folder.Files.ContainsKey(row.Path)),
        row => row.IsClaimed ? new Violation(row.Path, "is still claimed")
            : row.Status is not (AssetStatus.Ready or AssetStatus.Failed) ? new Violation(row.Path, $"is {row.Status}")
            : row.Status == AssetStatus.Failed != (row.Reason is not null) ? new Violation(row.Path, $"is {row.Status} with the reason '{row.Reason}'")
            : folder.Files[row.Path].Outcome.Allows(row.Reason is null ? null : FailureReason.Parse(row.Reason).Class) ? null
            : new Violation(row.Path, $"is {row.Status} ('{row.Reason}'), and should be {(folder.Files[row.Path].Outcome.IsReady ? "ready" : "failed")}"));

    private Proof CurrentContent(List<Row> rows) => Each(
        "every row tells of the file's present content",
        rows.Where(row => File.Exists(folder.Full(row.Path)) && folder.Files.ContainsKey(row.Path)),
        row =>
        {
            var file = new FileInfo(folder.Full(row.Path));
            if (file.Length != row.Size || StoredTime.ToStored(file.LastWriteTimeUtc) != row.ModifiedAt)
                return new Violation(row.Path, "has another size or time than its row");
            if (row.Sha256 != folder.Files[row.Path].Sha256 && !(row.Sha256 is null && row.Status == AssetStatus.Failed))
                return new Violation(row.Path, $"has the hash {row.Sha256} in its row");
            return row.Status == AssetStatus.Ready && row.Vectors != (row.HasThumbnail ? 1 : 0)
                ? new Violation(row.Path, $"has {row.Vectors} vectors{(row.HasThumbnail ? "" : " and no picture")}")
                : null;
        });

    /// <summary>The library's, each task group's, and what the API said last.</summary>
    private Proof Counters(SqliteConnection connection, List<Row> rows)
    {
        var scopes = CounterAudit.All(connection);
        var wrong = scopes.Where(scope => !scope.IsExact)
            .Select(scope => new Violation(null, $"library or task group {scope.Id} counts {string.Join('/', scope.Kept)}, and its rows are {string.Join('/', scope.Counted)}"))
            .ToList();
        var (ready, failed) = (rows.Count(row => row.Status == AssetStatus.Ready), rows.Count(row => row.Status == AssetStatus.Failed));
        if ((library.Progress.Total, library.Progress.Ready, library.Progress.Failed) != (rows.Count, ready, failed))
            wrong.Add(new Violation(null, $"the API said {library.Progress.Total} files, {library.Progress.Ready} ready, {library.Progress.Failed} failed"));
        return new Proof("every counter equals its rows", scopes.Count, wrong);
    }

    private async Task<Proof> ThumbnailsAsync(List<Row> rows, CancellationToken cancellationToken)
    {
        var folderOfThumbnails = Path.Join(dataFolder, "thumbnails");
        var there = Directory.Exists(folderOfThumbnails) ? Directory.EnumerateFiles(folderOfThumbnails, "*", SearchOption.AllDirectories).ToHashSet(StringComparer.Ordinal) : [];
        var wrong = rows.Where(row => row.HasThumbnail && row.Sha256 is { } hash && !there.Contains(Path.Join(folderOfThumbnails, hash[..2], hash[2..4], $"{hash}.webp")))
            .Select(row => new Violation(row.Path, "has no thumbnail")).ToList();
        wrong.AddRange(rows.Where(row => row.Status == AssetStatus.Ready && !row.HasThumbnail && Path.GetExtension(row.Path) != ".stl")
            .Select(row => new Violation(row.Path, "is a picture, is ready, and never got a thumbnail")));
        await using var decoders = new DecoderPool(new DecoderOptions());
        var answers = await Task.WhenAll(there.Order(StringComparer.Ordinal).Chunk(ThumbnailsAtOnce)
            .Select(async chunk => chunk.Zip(await decoders.PixelsAsync(new PixelsRequest(chunk, 32), cancellationToken))));
        wrong.AddRange(answers.SelectMany(answer => answer).Where(answer => answer.Second.Failure is not null)
            .Select(answer => new Violation(answer.First, $"does not decode: {answer.Second.Failure!.Reason}")));
        return new Proof("every thumbnail that a row names is there, and every thumbnail is whole", there.Count, wrong);
    }

    private Proof NothingTemporary()
    {
        var known = new HashSet<string>(["vitrine.db", "vitrine.db-wal", "vitrine.db-shm", "lock", ".vitrine"], StringComparer.Ordinal);
        var files = Directory.EnumerateFiles(dataFolder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(dataFolder, file))
            .Where(file => !file.StartsWith("thumbnails" + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !file.StartsWith("previews" + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .ToList();
        return Each("no temporary file is left", files, file => known.Contains(file) ? null : new Violation(file, "is left in the data folder"));
    }

    private static Proof Database(SqliteConnection connection)
    {
        var answers = connection.Query("PRAGMA integrity_check", row => row.GetString(0));
        var wrong = answers is ["ok"] ? [] : answers.Select(answer => new Violation("vitrine.db", answer)).ToList();
        wrong.AddRange(connection.Query("PRAGMA foreign_key_check", row => new Violation("vitrine.db", $"a row of {row.GetString(0)} names a row of {row.GetString(2)} that is not there")));
        return new Proof("the database is whole", connection.QueryNumber("PRAGMA page_count"), wrong);
    }

    private static Proof Each<T>(string claim, IEnumerable<T> things, Func<T, Violation?> look)
    {
        var all = things.ToList();
        return new Proof(claim, all.Count, [.. all.Select(look).OfType<Violation>()]);
    }

    private sealed record Row(
        string Path, AssetStatus Status, long Size, long ModifiedAt, string? Sha256, bool HasThumbnail, string? Reason, long Vectors, bool IsClaimed);
}
