using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Storage;

namespace Vitrine.Tests.Transfer;

/// <summary>A data folder whose embedded database holds libraries of made-up rows: every table, every status, odd text, claims and interleaved ids.</summary>
internal static class EmbeddedLibrary
{
    /// <summary>Text that breaks what quotes, splits or decodes badly.</summary>
    public const string Odd = "quo\"te's\n\ttab, \\back; émoji🐢 \u202Ertl %s $1";

    private const string Numbers = "WITH RECURSIVE n (i) AS (SELECT 0 WHERE @count > 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @count)";

    /// <summary>Adds a library to the database of a data folder, which is made where it is missing.</summary>
    /// <returns>Its id there.</returns>
    public static async Task<long> AddAsync(string dataFolder, string root, int assets, string? name = null)
    {
        Directory.CreateDirectory(dataFolder);
        await using var database = SqliteDatabase.Open(Path.Join(dataFolder, DatabaseFile.Name), NullLogger.Instance);
        return await database.WriteAsync(transaction => Write(new Rows(transaction), root, assets, name ?? Path.GetFileName(root)), WriteUrgency.Urgent, CancellationToken.None);
    }

    /// <summary>Runs SQL on the embedded database, as a server that went on working there would.</summary>
    public static async Task ExecuteAsync(string dataFolder, string sql)
    {
        await using var database = SqliteDatabase.Open(Path.Join(dataFolder, DatabaseFile.Name), NullLogger.Instance);
        await database.WriteAsync(transaction => transaction.Connection.Execute(sql), WriteUrgency.Urgent, CancellationToken.None);
    }

    private static long Write(Rows rows, string root, int assets, string name)
    {
        var library = rows.Number("INSERT INTO progress (version, updated_at) VALUES (41, 1700000000000001) RETURNING id");
        var old = rows.Number("INSERT INTO progress (version, updated_at) VALUES (5, 1700000000000002) RETURNING id");
        var group = rows.Number("INSERT INTO progress (version, updated_at) VALUES (6, 1700000000000003) RETURNING id");
        rows.Set("@library", library).Set("@old", old).Set("@group", group).Set("@count", assets).Set("@odd", Odd).Set("@root", root).Set("@name", name)
            .Set("@created", 1_700_000_000_000_000 + (library * 1001));
        rows.Run(
            """
            INSERT INTO libraries (id, name, path, include_hidden, paused, created_at, offline_since, offline_reason, device, missing)
            VALUES (@library, @name, @root, 1, 1, @created, 1700000000000009, 'is not there', 'disk ' || @odd, 3)
            """);
        rows.Run("INSERT INTO task_groups (id, library_id, scanning, cancelled, retry, created_at) VALUES (@old, @library, 0, 1, 1, @created), (@group, @library, 0, 0, 0, @created + 1)");
        rows.Run($"{Numbers} INSERT INTO folders (library_id, path, sidecars) SELECT @library, CASE i WHEN 0 THEN '' ELSE 'f' || i || '/' || @odd END, i % 2 FROM n WHERE i <= @count / 20");
        rows.Set("@folder", rows.Number("SELECT MIN(id) FROM folders WHERE library_id = @library")).Set("@first", rows.Number("SELECT next FROM asset_ids"));
        rows.Run(
            $"""
            {Numbers} INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, sidecar_at, added_at, status, attempts,
                claim_owner, claims, not_before, sha256, width, height, colour, captured_at, thumbnail)
            SELECT @first + i, @library, @folder + i / 20, CASE i % 7 WHEN 0 THEN @old ELSE @group END, i || @odd || '.jpg', i % 2, i * 1000003, 1600000000000000 + i, i % 3,
                1650000000000000 + i, i % 5, i % 4, CASE WHEN i % 5 < 3 AND i % 11 = 0 THEN 99 END, i % 6, CASE WHEN i % 13 = 0 THEN 1690000000000000 ELSE 0 END,
                CASE WHEN i % 5 > 0 THEN CAST(printf('%032d', (@first + i) / 2) AS BLOB) END, CASE WHEN i % 5 > 0 THEN 4000 + i END, CASE WHEN i % 5 > 0 THEN 3000 END,
                i * 7 % 16777216, CASE WHEN i % 9 = 0 THEN -86400000000 END, i % 5 > 1
            FROM n
            """);
        rows.Run("UPDATE asset_ids SET next = @first + @count");
        rows.Run("UPDATE libraries SET settled_to = @first + @count / 2 WHERE id = @library");
        WriteWhatAssetsHave(rows);
        rows.Run("INSERT INTO skipped (library_id, path, reason) VALUES (@library, 'na\uFFFDme.jpg', 'its name is not valid UTF-8'), (@library, @odd, @odd)");
        WriteJobs(rows);
        foreach (var (status, column) in ((string[])["pending", "indexed", "embedding", "ready", "failed"]).Index())
        {
            rows.Run(
                $"""
                UPDATE progress SET {column} = (SELECT COUNT(*) FROM assets WHERE status = {status} AND (library_id = progress.id OR task_group_id = progress.id))
                WHERE id IN (@library, @old, @group)
                """);
        }

        return library;
    }

    private static void WriteWhatAssetsHave(Rows rows)
    {
        rows.Run(
            """
            INSERT INTO asset_details (asset_id, md5, format, orientation, frames, perceptual_hash, captured_at, camera_make, lens, exposure_seconds, f_number, iso,
                latitude, longitude, title, description, keywords, rating)
            SELECT id, CAST(printf('%016d', id) AS BLOB), 'jpeg', id % 8 + 1, 1, CAST(printf('%032d', id * 3) AS BLOB), captured_at, NULL, @odd, 1.0 / (id + 2), 2.8, 100,
                -0.5 + id / 3.0, id * 1e-7, 'Title ' || id || @odd, '', json_array('a', @odd), id % 6
            FROM assets WHERE library_id = @library AND status > 0
            """);
        rows.Run("INSERT INTO tags (folded, name, category) VALUES ('dog', 'Dog', 'general'), ('odd ' || @odd, 'Odd ' || @odd, 'character'), ('place', 'Place', 'location') ON CONFLICT DO NOTHING");
        rows.Run(
            """
            INSERT INTO asset_tags (asset_id, tag_id, source)
            SELECT a.id, t.id, s.source FROM assets a JOIN tags t ON (a.id + t.id) % 3 = 0 JOIN (SELECT 0 AS source UNION ALL SELECT 1) s ON (a.id + s.source) % 4 < 2
            WHERE a.library_id = @library
            """);
        rows.Run("INSERT INTO failures SELECT id, library_id, id % 2, 'not a picture: ' || @odd, 'not_a_picture', 2, 1680000000000000 + id FROM assets WHERE library_id = @library AND status = 4");
        rows.Run("INSERT INTO embedding_spaces (name, dimensions) VALUES ('built-in', 8), ('other ' || @odd, 4) ON CONFLICT DO NOTHING");
        rows.Run(
            """
            INSERT INTO embeddings (space_id, asset_id, vector)
            SELECT s.id, a.id, CAST(substr(printf('%016d', a.id * 17), 1, s.dimensions * 2) AS BLOB) FROM assets a JOIN embedding_spaces s ON s.dimensions = 8 OR a.id % 2 = 0
            WHERE a.library_id = @library AND a.status = 3
            """);
    }

    private static void WriteJobs(Rows rows)
    {
        rows.Run(
            """
            INSERT INTO job_runs (name, traits, status, owner, paused, message, fraction, result, error, stack, started_at, cancel_asked_at, finished_at) VALUES
                ('scan:' || @library, 3, 'completed', 99, 0, 'done', 1.0, @odd, NULL, NULL, @created + 1, NULL, @created + 2),
                ('scan:' || @library, 3, 'running', 99, 1, @odd, 0.25, NULL, NULL, NULL, @created + 3, NULL, NULL),
                ('retry:' || @library, 0, 'running', 99, 0, NULL, NULL, NULL, NULL, NULL, @created + 4, NULL, NULL),
                ('something:x' || @library, 0, 'failed', 99, 0, NULL, NULL, NULL, 'of no library', @odd, @created + 5, NULL, @created + 6)
            """);
        rows.Run("INSERT INTO job_lines (run_id, place, at, level, text) SELECT r.id, p.place, @created + p.place, 2, @odd || p.place FROM job_runs r, (SELECT 0 AS place UNION ALL SELECT 1) p WHERE r.name LIKE '%:' || @library");
    }

    /// <summary>Statements that share their parameters.</summary>
    private sealed class Rows(WriteTransaction transaction)
    {
        private readonly Dictionary<string, object?> _values = [];

        public Rows Set(string name, object? value)
        {
            _values[name] = value;
            return this;
        }

        public void Run(string sql) => transaction.Connection.Execute(sql, Given(sql));

        public long Number(string sql) => transaction.Connection.QueryNumber(sql, Given(sql));

        private (string, object?)[] Given(string sql) => [.. _values.Where(value => sql.Contains(value.Key, StringComparison.Ordinal)).Select(value => (value.Key, value.Value))];
    }
}
