using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vitrine.Storage;

/// <summary>
/// Watches over the embedded database while it is open. One whose file was deleted, moved away or exchanged, or whose pages were found damaged, takes nothing
/// in any more: it would be gone at the next start.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DatabaseGuard
{
    /// <summary>Looking costs two system calls: nothing beside a commit, something beside a read from memory.</summary>
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly Outages _outages;
    private readonly TimeProvider _time;
    private readonly FileFacts? _database, _journal;
    private long _lookedAt;

    /// <param name="path">Of a database that was just opened, and its journal with it.</param>
    public DatabaseGuard(string path, Outages outages, TimeProvider time)
    {
        (_path, _outages, _time) = (path, outages, time);
        (_database, _journal) = (FileFacts.OfOrNull(path), FileFacts.OfOrNull(JournalOf(path)));
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Before anything is written.</summary>
    /// <exception cref="DatabaseUnavailableException">Nothing may be written any more.</exception>
    public void CheckBeforeWriting()
    {
        CheckBeforeOpening();
        if (_outages.FindOrNull(OutageKind.DatabaseDamage) is { } damage)
            throw new DatabaseUnavailableException(damage.Reason) { IsTold = true };
    }

    /// <summary>Before the file is opened once more: under its name there may be another one by now.</summary>
    /// <exception cref="DatabaseUnavailableException">It is not the file that was opened first.</exception>
    public void CheckBeforeOpening()
    {
        Look();
        if (_outages.FindOrNull(OutageKind.DatabaseFile) is { } gone)
            throw new DatabaseUnavailableException(gone.Reason) { IsTold = true };
    }

    /// <summary>Looks now and then, for a server that is only read from.</summary>
    public void LookNowAndThen()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= s_lookEvery)
            Look();
    }

    /// <summary>Whether no other journal lies where this database's was when it was opened.</summary>
    public bool HasItsJournal => _journal is not { } own || FileFacts.OfOrNull(JournalOf(_path)) is not { } now || now.Node == own.Node;

    /// <summary>A read succeeded.</summary>
    public void NoteRead() => _outages.End(OutageKind.DatabaseReading);

    /// <summary>What a person is told of an error of SQLite; what keeps the database from working is noted.</summary>
    /// <param name="kind">What it kept from working.</param>
    public DatabaseUnavailableException Explain(SqliteException exception, OutageKind kind)
    {
        var told = DatabaseFile.Explain(_path, exception).Message;
        if (exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            told += " Until Vitrine is started again nothing more is saved.";
            _outages.Begin(OutageKind.DatabaseDamage, told);
        }
        else if (exception.SqliteErrorCode == raw.SQLITE_FULL)
        {
            told = $"The disk of the data folder {Path.GetDirectoryName(_path)} is full: nothing can be saved. Free some space there; what waits goes on by itself when there is room.";
            _outages.Begin(kind, told);
        }
        else if (DatabaseFile.IsUnavailable(exception))
        {
            _outages.Begin(kind, told);
        }
        else
        {
            return new DatabaseUnavailableException(told, exception);
        }

        return new DatabaseUnavailableException(told, exception) { IsTold = true };
    }

    private void Look()
    {
        Volatile.Write(ref _lookedAt, _time.GetTimestamp());
        if ((TroubleOrNull(_path, _database) ?? TroubleOrNull(JournalOf(_path), _journal)) is { } trouble)
            _outages.Begin(OutageKind.DatabaseFile, trouble);
        else
            _outages.End(OutageKind.DatabaseFile);
    }

    private static string? TroubleOrNull(string path, FileFacts? opened)
    {
        try
        {
            if (opened is not { } first)
                return null;
            var now = FileFacts.FindOrNull(path);
            if (now?.Node == first.Node)
                return null;
            var what = now is null ? $"The database file {path} is gone: it was deleted or moved away" : $"Another file has taken the place of the database file {path}";
            return $"{what} while Vitrine runs, and nothing more is saved. Put the file back, and all goes on; or start Vitrine again, with what is there then ('vitrine restore FILE' brings a backup back).";
        }
        catch (IOException)
        {
            return null; // a disk that does not answer now: whoever reads or writes there says so
        }
    }

    private static string JournalOf(string path) => path + "-wal";
}
