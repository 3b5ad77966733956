using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Vitrine.Storage;

/// <summary>Puts a backup in the place of the database, in one step. What was there is kept aside.</summary>
public static class DatabaseRestore
{
    /// <summary>What is being restored, until it takes the database's place.</summary>
    internal const string TemporaryName = "restoring.db";

    /// <summary>What every database of Vitrine has had from its first version on.</summary>
    private static readonly string[] s_tables = ["assets", "libraries", "progress"];

    /// <param name="held">The data folder, held, so that no server uses it.</param>
    /// <param name="file">The backup; it is only read.</param>
    /// <param name="now">Goes into the name of what is kept aside.</param>
    /// <returns>Where the database that was there is kept; null where there was none.</returns>
    /// <exception cref="IOException">The backup is not there, or the data folder cannot be written. Nothing was changed.</exception>
    /// <exception cref="DatabaseUnavailableException">
    /// The backup is damaged, of a newer program, or no database of Vitrine. Nothing was changed.
    /// </exception>
    public static string? Run(DataFolder held, string file, DateTimeOffset now)
    {
        file = Path.GetFullPath(file);
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no backup {file}. Check the spelling.");
        var database = Path.Join(held.FullPath, DatabaseFile.Name);
        if (file == database)
            throw new IOException($"{file} is the database itself. Give a backup.");
        var next = Path.Join(held.FullPath, TemporaryName);
        File.Delete(next); // of a restore that was broken off
        CheckBackup(file);
        DatabaseBackup.Copy(file, next, overwrite: true);
        return Exchange(database, next, now);
    }

    private static void CheckBackup(string file)
    {
        if (new FileInfo(file).Length == 0)
            throw new DatabaseUnavailableException($"The backup {file} is empty. Nothing was changed.");
        DatabaseFile.CheckCopy(file);
        using var connection = DatabaseFile.OpenToRead(file);
        var tables = connection.Query("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.GetString(0));
        if (s_tables.Except(tables).Any())
            throw new DatabaseUnavailableException($"{file} is a database of another program, not a backup of Vitrine. Nothing was changed.");
    }

    private static string? Exchange(string database, string next, DateTimeOffset now)
    {
        var aside = $"{database}.before-restore-{now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        if (!File.Exists(database))
        {
            MoveJournal(database, aside);
            File.Move(next, database);
            DurableFile.FlushFolder(Path.GetDirectoryName(database)!);
            return null;
        }

        TryFoldJournal(database);
        // A journal that is left belongs to the file that is kept aside; beside the new one it would spoil it.
        MoveJournal(database, aside);
        File.Replace(next, database, aside); // a second name for the old file, then one rename: at no moment is there none
        DurableFile.FlushFolder(Path.GetDirectoryName(database)!);
        return aside;
    }

    /// <summary>Takes the journal into the file, so that it is whole by itself. A damaged database keeps its journal beside it.</summary>
    private static void TryFoldJournal(string database)
    {
        try
        {
            DatabaseFile.CheckBeforeStart(database); // opened to be written, SQLite would throw away the journal of a file that is none of its own
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
            connection.Open();
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Exception exception) when (exception is SqliteException or DatabaseUnavailableException)
        {
            // it is being replaced for a reason; what can be read of it is kept as it is
        }
    }

    private static void MoveJournal(string database, string aside)
    {
        File.Delete(database + "-shm"); // an index of the journal, made again at need
        if (File.Exists(database + "-wal"))
            File.Move(database + "-wal", aside + "-wal");
    }
}
