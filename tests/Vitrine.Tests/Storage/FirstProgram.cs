using System.Data.Common;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Tests.Storage;

/// <summary>A database as the first released program left it, and what has to stand in it once a later one has opened it. The same on both databases.</summary>
internal static class FirstProgram
{
    /// <param name="scopes">What counts, as this database keeps it: rows 1 and 2.</param>
    public static void Write(DbConnection connection, MigrationScripts scripts, string scopes)
    {
        connection.Execute(scripts.After(0).First().Sql);
        connection.Execute(scopes);
        connection.Execute(
            """
            INSERT INTO libraries (id, name, path, include_hidden, created_at) VALUES (1, 'old', '/old', FALSE, 10);
            INSERT INTO task_groups (id, library_id, scanning, created_at) VALUES (2, 1, FALSE, 10);
            INSERT INTO folders (library_id, path) VALUES (1, ''), (1, 'scans'), (1, 'mac'), (1, 'cut');
            INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status, captured_at)
                VALUES (1, 1, 1, 2, 'photo.jpg', 0, 10, 20, 30, 3, 40), (2, 1, 2, 2, 'scan.png', 0, 10, 20, 30, 3, NULL),
                    (3, 1, 3, 2, 'tagged.png', 0, 10, 20, 30, 3, NULL), (4, 1, 2, 2, 'typed.png', 0, 10, 20, 30, 3, NULL), (5, 1, 2, 2, 'zoo.png', 0, 10, 20, 30, 4, NULL), (6, 1, 4, 2, 'cut.png', 0, 10, 20, 30, 4, NULL);
            INSERT INTO failures (asset_id, library_id, stage, reason, reason_group, attempts, failed_at) VALUES
                (1, 1, 0, 'truncated: premature end at 17', 'truncated: premature end at …', 1, 50), (2, 1, 0, 'empty file', 'empty file', 1, 50),
                (3, 1, 0, 'not an image: text', 'not an image: text', 1, 50), (4, 1, 0, 'timed out: no answer', 'timed out: no answer', 1, 50), (5, 1, 0, 'bad luck', 'bad luck', 1, 50),
                (6, 1, 0, 'damaged: no end', 'damaged: no end', 1, 50);
            """);
        const string Decomposed = "ca\u0303o", Composed = "c\u00E3o";
        connection.Execute("INSERT INTO tags (folded, name) VALUES (@decomposed, @decomposed), (@composed, @composed)", ("@decomposed", Decomposed), ("@composed", Composed));
        connection.Execute("INSERT INTO asset_tags (asset_id, tag_id, source) VALUES (3, 1, 1), (4, 1, 0), (2, 2, 1)");
        connection.Execute("INSERT INTO asset_details (asset_id, md5, title) VALUES (1, @md5, 'Beach')", ("@md5", new byte[16]));
    }

    public static void AssertBroughtUpToDate(Database database)
    {
        // What was read of a camera's clock is read again: it was kept in UTC; so is a keyword that was kept decomposed, and what failed and may now be shown.
        Assert.Equal(["photo.jpg -1 0 True", "scan.png 0 0 False", "tagged.png -1 0 True", "typed.png 0 0 False", "zoo.png 0 0 False", "cut.png -1 0 True"], database.Read(connection => connection.Query(
            "SELECT a.name, a.sidecar_at, a.changed_at, f.sidecars FROM assets a JOIN folders f ON f.id = a.folder_id ORDER BY a.id",
            row => $"{row.GetString(0)} {row.GetInt64(1)} {row.GetInt64(2)} {row.GetBoolean(3)}")));
        // Reasons are in the words of now.
        Assert.Equal(
            ["cut off: premature end at 17 cut_off", "empty empty", "not a picture: text not_a_picture", "took too long: no answer took_too_long", "bad luck unexpected", "damaged: no end damaged"],
            database.Read(connection => connection.Query("SELECT reason, class FROM failures ORDER BY asset_id", row => $"{row.GetString(0)} {row.GetString(1)}")));
        Assert.Equal("Beach", database.Read(connection => connection.Query("SELECT title, warning, captured_offset FROM asset_details", row => row.GetString(0)).Single()));
    }
}
