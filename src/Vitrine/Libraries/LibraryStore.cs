using System.Data.Common;
using Vitrine.Caching;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>The libraries and their task groups.</summary>
public sealed partial class LibraryStore(Database database, ProgressStore progress, Announcements announcements, TimeProvider time, RootMap? roots = null)
{
    private readonly RootMap _roots = roots ?? RootMap.None;

    private const string SelectSql =
        """
        SELECT l.id, l.name, l.path, l.include_hidden, l.paused, l.created_at,
            (SELECT MAX(g.id) FROM task_groups g WHERE g.library_id = l.id), l.offline_since, l.offline_reason, l.device, l.missing
        FROM libraries l
        """;

    /// <summary>By name, then id.</summary>
    public IReadOnlyList<Library> All() =>
        database.Read(connection => connection.Query($"{SelectSql} ORDER BY l.name, l.id", ReadLibrary));

    public Library? FindOrNull(long id) => database.Read(connection => FindOrNull(connection, id));

    /// <summary>Adds a library with its first task group, or finds the one that already has this root.</summary>
    /// <param name="path">As <see cref="LibraryRoot.Check"/> returned it.</param>
    /// <param name="name">One without a mistake that <see cref="LibraryName"/> finds. Default: the folder's name.</param>
    public Task<(Library Library, bool Created)> AddAsync(
        string path, string? name, bool includeHidden, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                var existing = transaction.Connection.QueryFirstOrDefault($"{SelectSql} WHERE l.path = @path", ReadLibrary, ("@path", _roots.Stored(path)));
                if (existing is not null)
                    return (existing, false);
                var id = progress.Create(transaction);
                var now = time.GetUtcNow();
                var chosen = LibraryName.NormalizeOrNull(name) ?? NameOf(path);
                transaction.Connection.Execute(
                    "INSERT INTO libraries (id, name, path, include_hidden, created_at) VALUES (@id, @name, @path, @hidden, @now)",
                    ("@id", id), ("@name", chosen), ("@path", _roots.Stored(path)), ("@hidden", includeHidden), ("@now", now.ToStored()));
                var groupId = BeginTaskGroup(transaction, id, scanning: true);
                return (new Library(id, chosen, path, includeHidden, Paused: false, now, groupId), true);
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Starts a task group that scans; <see cref="TaskGroups.TakeOverAsync"/> brings it what earlier ones left unfinished.</summary>
    public Task<long> BeginTaskGroupAsync(long libraryId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction => BeginTaskGroup(transaction, libraryId, scanning: true), WriteUrgency.Urgent, cancellationToken);

    /// <summary>
    /// Marks the end of a group's scan, and of earlier ones whose end could not be written: a library has one scan at a time.
    /// </summary>
    public Task EndScanAsync(long libraryId, long taskGroupId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                var ended = transaction.Connection.Query(
                    "UPDATE task_groups SET scanning = FALSE WHERE library_id = @library AND id <= @id AND scanning = TRUE RETURNING id",
                    row => row.GetInt64(0),
                    ("@library", libraryId), ("@id", taskGroupId));
                foreach (var groupId in ended)
                    progress.Touch(transaction, groupId, libraryId, state => state with { Scanning = false });
                Touch(transaction, libraryId, taskGroupId, state => state with { Scanning = false });
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Gives a library another name, and answers it; null when there is no such library.</summary>
    /// <param name="name">As <see cref="LibraryName.NormalizeOrNull"/> gives it. Several libraries may have the same.</param>
    public Task<Library?> RenameAsync(long libraryId, string name, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                if (transaction.Connection.Execute("UPDATE libraries SET name = @name WHERE id = @id AND name <> @name", ("@name", name), ("@id", libraryId)) > 0)
                    Touch(transaction, libraryId, null, state => state);
                return FindOrNull(transaction.Connection, libraryId);
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Holds or goes on with a library's work; kept over restarts.</summary>
    public Task SetPausedAsync(long libraryId, bool paused, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                transaction.Connection.Execute(
                    "UPDATE libraries SET paused = @paused WHERE id = @id", ("@paused", paused), ("@id", libraryId));
                foreach (var groupId in GroupsOf(transaction.Connection, libraryId))
                    progress.Touch(transaction, groupId, libraryId, state => state with { Paused = paused });
                Touch(transaction, libraryId, null, state => state with { Paused = paused });
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Cancels every task group of the library that has work left. A later scan starts a new one.</summary>
    public Task CancelAsync(long libraryId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                transaction.Connection.Execute("UPDATE task_groups SET cancelled = TRUE, scanning = FALSE WHERE library_id = @id", ("@id", libraryId));
                foreach (var groupId in GroupsOf(transaction.Connection, libraryId))
                    progress.Touch(transaction, groupId, libraryId, state => state with { Cancelled = true, Scanning = false });
                Touch(transaction, libraryId, null, state => state with { Scanning = false });
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Forgets a library at once; its asset rows are swept behind it by <see cref="ForgottenAssets"/>. The files are not touched.</summary>
    public Task<bool> ForgetAsync(long libraryId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                var connection = transaction.Connection;
                var groups = GroupsOf(connection, libraryId);
                if (connection.Execute("DELETE FROM libraries WHERE id = @id", ("@id", libraryId)) == 0)
                    return false;
                progress.Delete(transaction, [.. groups, libraryId]);
                transaction.AfterCommit(() => announcements.Announce(new Announcement.LibraryForgotten(libraryId)));
                return true;
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>Replaces the list of what scans skipped.</summary>
    /// <param name="looked">Which paths the scan looked at; what is known of others stays.</param>
    public Task SetSkippedAsync(
        long libraryId, IReadOnlyCollection<SkippedPath> skipped, Func<string, bool> looked, CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                foreach (var known in transaction.Connection.Query("SELECT path FROM skipped WHERE library_id = @id", row => row.GetString(0), ("@id", libraryId)))
                {
                    if (looked(known))
                        transaction.Prepare("DELETE FROM skipped WHERE library_id = @id AND path = @path").Set("@id", libraryId).Set("@path", known).ExecuteNonQuery();
                }

                foreach (var (path, reason) in skipped)
                {
                    transaction.Prepare(
                            """
                            INSERT INTO skipped (library_id, path, reason) VALUES (@id, @path, @reason)
                            ON CONFLICT (library_id, path) DO UPDATE SET reason = excluded.reason
                            """)
                        .Set("@id", libraryId).Set("@path", path).Set("@reason", reason)
                        .ExecuteNonQuery();
                }
            },
            WriteUrgency.Urgent,
            cancellationToken);

    /// <summary>What the last scan did not take in, by path.</summary>
    public IReadOnlyList<SkippedPath> Skipped(long libraryId) =>
        database.Read(connection => connection.Query(
            "SELECT path, reason FROM skipped WHERE library_id = @id ORDER BY path",
            row => new SkippedPath(row.GetString(0), row.GetString(1)),
            ("@id", libraryId)));

    /// <summary>Scans that a stopped process left unfinished, and that are to be begun again: of each library the newest, whose end ends the others.</summary>
    public IReadOnlyList<(long LibraryId, long TaskGroupId, DateTimeOffset CreatedAt)> InterruptedScans() =>
        database.Read(connection => connection.Query(
            "SELECT library_id, MAX(id), MAX(created_at) FROM task_groups WHERE scanning = TRUE GROUP BY library_id ORDER BY 2",
            row => (row.GetInt64(0), row.GetInt64(1), StoredTime.FromStored(row.GetInt64(2)))));

    /// <summary>A new task group, empty; what is put into it is worked on before older groups.</summary>
    /// <remarks>Groups that are long done and hold no asset any more are forgotten here.</remarks>
    internal long BeginTaskGroup(WriteTransaction transaction, long libraryId, bool scanning, bool retry = false)
    {
        var now = time.GetUtcNow();
        TaskGroups.ForgetEmpty(transaction, progress, libraryId, now);
        var groupId = progress.Create(transaction);
        transaction.Connection.Execute(
            "INSERT INTO task_groups (id, library_id, scanning, retry, created_at) VALUES (@id, @library, @scanning, @retry, @now)",
            ("@id", groupId), ("@library", libraryId), ("@scanning", scanning), ("@retry", retry), ("@now", now.ToStored()));
        var paused = transaction.Connection.QueryNumber("SELECT paused FROM libraries WHERE id = @id", ("@id", libraryId)) != 0;
        Touch(transaction, libraryId, groupId, state => state with { Scanning = scanning, Paused = paused });
        return groupId;
    }

    internal Library? FindOrNull(DbConnection connection, long id) =>
        connection.QueryFirstOrDefault($"{SelectSql} WHERE l.id = @id", ReadLibrary, ("@id", id));

    private static string NameOf(string path) => LibraryName.NormalizeOrNull(Path.GetFileName(path)) ?? path;

    private static List<long> GroupsOf(DbConnection connection, long libraryId) =>
        connection.Query("SELECT id FROM task_groups WHERE library_id = @id ORDER BY id", row => row.GetInt64(0), ("@id", libraryId));

    private Library ReadLibrary(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        _roots.Here(row.GetString(2)),
        row.GetBoolean(3),
        row.GetBoolean(4),
        StoredTime.FromStored(row.GetInt64(5)),
        row.GetInt64(6),
        row.TimeOrNull(7) is { } since ? new LibraryOffline(since, row.GetString(8)) : null,
        row.StringOrNull(9),
        row.GetInt64(10));

    /// <summary>A new version for a library and one of its groups, or for the library alone.</summary>
    private void Touch(WriteTransaction transaction, long libraryId, long? taskGroupId, Func<ScopeState, ScopeState> flags)
    {
        if (taskGroupId is { } groupId)
            progress.Touch(transaction, groupId, libraryId, flags);
        // A library scans while any of its groups does: a retry begins a group of its own beside the scan's.
        var scanning = transaction.Connection.QueryNumber(
            "SELECT EXISTS (SELECT 1 FROM task_groups WHERE library_id = @id AND scanning = TRUE)", ("@id", libraryId)) != 0;
        progress.Touch(
            transaction,
            libraryId,
            libraryId,
            state => flags(state) with { Scanning = scanning, TaskGroupId = Math.Max(state.TaskGroupId, taskGroupId ?? 0) });

        transaction.AfterCommit(() => announcements.Announce(new Announcement.LibraryChanged(libraryId)));
    }
}
