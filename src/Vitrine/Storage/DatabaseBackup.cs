using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Storage;

/// <summary>
/// The whole database as one file, taken while a server writes: a snapshot of one moment, checked, and under its name only when it is
/// complete. Thumbnails are not in it: they are made again from the pictures.
/// </summary>
public static class DatabaseBackup
{
    /// <summary>Copies the database of a data folder; it is not held up, and need not be held.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="file">Where the copy goes.</param>
    /// <param name="overwrite">Whether a file that is there already is replaced, in one step.</param>
    /// <returns>The size of the copy in bytes.</returns>
    /// <exception cref="IOException">The target is there already, or cannot be written, as when its disk is full; nothing is left behind.</exception>
    /// <exception cref="DatabaseUnavailableException">There is no database, or it is damaged.</exception>
    public static long Write(string dataFolder, string file, bool overwrite)
    {
        var database = Path.Join(dataFolder, DatabaseFile.Name);
        file = Path.GetFullPath(file);
        if (!File.Exists(database))
            throw new DatabaseUnavailableException($"There is nothing to back up: {database} is not there. Name the data folder with --data.");
        if (Path.GetFullPath(database) == file)
            throw new IOException($"{file} is the database itself. Give another name.");
        if (!overwrite && Path.Exists(file))
            throw new IOException($"{file} is there already. Give another name, or --overwrite.");
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw new DirectoryNotFoundException($"The folder of {file} is not there. Make it first.");
        return Copy(database, file, overwrite);
    }

    /// <summary>A copy that is whole and on the disk, or none.</summary>
    internal static long Copy(string database, string file, bool overwrite)
    {
        var temporary = $"{file}.{Guid.CreateVersion7():N}.tmp";
        try
        {
            OwnFiles.Prepare(temporary); // SQLite takes an empty file and leaves its rights as they are
            using (var connection = DatabaseFile.OpenToRead(database))
                connection.Execute("VACUUM INTO @file", ("@file", temporary));
            DatabaseFile.CheckCopy(temporary);
            DurableFile.Flush(temporary);
            var size = new FileInfo(temporary).Length;
            File.Move(temporary, file, overwrite);
            DurableFile.FlushFolder(Path.GetDirectoryName(file)!);
            return size;
        }
        catch (SqliteException exception) when (IsOfTheCopy(exception))
        {
            // The database itself is only read: what cannot be written is the copy.
            throw new IOException(
                $"{file} cannot be written: {(exception.SqliteErrorCode == raw.SQLITE_FULL ? "its disk is full" : exception.Message.TrimEnd('.'))}. Free some space there, or give another place. Nothing was left behind.",
                exception);
        }
        catch (SqliteException exception)
        {
            throw DatabaseFile.Explain(database, exception);
        }
        finally
        {
            foreach (var ending in (ReadOnlySpan<string>)["", "-journal", "-wal", "-shm"])
                File.Delete(temporary + ending);
        }
    }

    private static bool IsOfTheCopy(SqliteException exception) => exception.SqliteErrorCode == raw.SQLITE_FULL
        || exception.SqliteExtendedErrorCode is raw.SQLITE_IOERR_WRITE or raw.SQLITE_IOERR_FSYNC or raw.SQLITE_IOERR_TRUNCATE;
}
