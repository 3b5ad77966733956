using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Storage;

/// <summary>A database file looked at from outside, before anything is done with it. Nothing here changes it.</summary>
internal static class DatabaseFile
{
    /// <summary>The file's name in the data folder.</summary>
    public const string Name = "vitrine.db";

    /// <summary>Up to this size every page is looked at before each start: a quarter of a second. <c>vitrine doctor</c> looks at larger ones.</summary>
    private const long CheckedAtStart = 64L << 20;

    private const string WayBack =
        "The way back: 'vitrine restore FILE' puts a backup in its place and keeps the damaged file aside; without a backup, move the file away "
        + "and import the folders again. The pictures themselves are untouched.";

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>What a start must know: is it whole, as far as that is quickly found, and not newer than this program.</summary>
    /// <exception cref="DatabaseUnavailableException">It is not; the message has the way back.</exception>
    public static void CheckBeforeStart(string path) =>
        Check(path, SizeOnDisk(path) <= CheckedAtStart ? "PRAGMA quick_check(5)" : null, WayBack);

    /// <summary>What somebody who only looks must know: a database that is not newer than this program, and not cut short. Its pages are not looked at.</summary>
    /// <exception cref="DatabaseUnavailableException">It is not; the message has the way back.</exception>
    public static void CheckToRead(string path) => Check(path, pages: null, WayBack);

    /// <summary>Looks at every page: three seconds for the 1.4 GB of 1,000,000 assets.</summary>
    /// <exception cref="DatabaseUnavailableException">It is damaged, newer than this program, or cannot be read.</exception>
    public static void CheckEveryPage(string path) => Check(path, "PRAGMA quick_check(5)", WayBack);

    /// <summary>Looks at every page and every index of a copy.</summary>
    /// <exception cref="DatabaseUnavailableException">It is damaged, newer than this program, or cannot be read.</exception>
    public static void CheckCopy(string path) => Check(path, "PRAGMA integrity_check(5)", "Nothing was changed. Use another copy.");

    /// <summary>As a connection that cannot change it, not even by tidying up its journal at the end.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static SqliteConnection OpenToRead(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA busy_timeout=5000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What a person is told of an error of SQLite: what is wrong with the file, and what to do.</summary>
    public static DatabaseUnavailableException Explain(string path, SqliteException exception, string advice = WayBack) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Damaged(path, exception.Message, advice, exception),
        raw.SQLITE_FULL => new($"The database {path} cannot be written: the disk is full. Free some space, then try again.", exception),
        raw.SQLITE_READONLY => new($"The database {path} cannot be written: it is read-only. Check its permissions and those of its folder, and that the disk is not mounted read-only.", exception),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new($"The database {path} is in use by another program that does not let go. End it, then try again.", exception),
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => new($"The database {path} cannot be opened: {exception.Message}. Check that its folder is there and that both may be read and written.", exception),
        raw.SQLITE_IOERR => new($"The disk with the database {path} does not answer as it should: {exception.Message}. Check the disk and its free space, then try again.", exception),
        _ => new($"The database {path} cannot be used: {exception.Message}. 'vitrine doctor' says more.", exception),
    };

    /// <summary>What keeps the database from working, as opposed to a statement that is wrong: it may pass.</summary>
    public static bool IsUnavailable(SqliteException exception) => exception.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM
        or raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB;

    private static void Check(string path, string? pages, string advice)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return; // an empty file is what a start that was killed at once leaves
        CheckMagic(path, advice);
        try
        {
            using var connection = OpenToRead(path);
            SqliteMigrations.CheckVersion(connection, path);
            var promised = connection.QueryNumber("PRAGMA page_count") * connection.QueryNumber("PRAGMA page_size");
            var found = new FileInfo(path).Length;
            if (promised > found && SizeOf(path + "-wal") == 0)
                throw Damaged(path, $"it is cut short: {found:N0} of {promised:N0} bytes", advice);
            var troubles = pages is null ? ["ok"] : connection.Query(pages, row => row.GetString(0));
            if (troubles is not ["ok"])
                throw Damaged(path, string.Join("; ", troubles.SelectMany(trouble => trouble.Split('\n'))), advice);
        }
        catch (SqliteException exception)
        {
            throw Explain(path, exception, advice);
        }
    }

    private static void CheckMagic(string path, string advice)
    {
        Span<byte> head = stackalloc byte[16];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.SequenceEqual(Magic))
            throw Damaged(path, "it is no database", advice);
    }

    private static DatabaseUnavailableException Damaged(string path, string what, string advice, Exception? exception = null) =>
        new($"The database {path} is damaged: {what.TrimEnd('.')}. {advice}", exception);

    private static long SizeOnDisk(string path) => SizeOf(path) + SizeOf(path + "-wal");

    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
