using Microsoft.Data.Sqlite;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>
/// Mends what is safe to mend in a data folder that nobody else holds. Originals are not touched, nor is a damaged database.
/// </summary>
internal static class Repair
{
    /// <returns>What was done, a sentence each; empty where nothing had to be.</returns>
    /// <exception cref="DataFolderException">A server holds the data folder, or it cannot be written.</exception>
    /// <exception cref="DatabaseUnavailableException">The database is damaged or newer than this program: nothing was changed.</exception>
    public static IReadOnlyList<string> Run(string dataFolder, TimeProvider time, CancellationToken cancellationToken)
    {
        using var held = DataFolder.Hold(dataFolder);
        var database = Path.Join(held.FullPath, DatabaseFile.Name);
        var done = new List<string>();
        Delete(TemporaryFiles.In(held.FullPath), "left-over temporary files", done);
        if (!File.Exists(database))
            return done;
        DatabaseFile.CheckEveryPage(database);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        connection.Open();
        if (connection.QueryNumber("PRAGMA user_version") < MigrationScripts.Sqlite.Newest)
            return done; // the next start brings it up to date first
        connection.Execute("PRAGMA foreign_keys=ON");
        var files = DerivedFiles.Look(connection, held.FullPath, cancellationToken);
        Delete(files.Orphans, "thumbnails and previews that no asset has", done);
        MendRows(connection, files, time.GetUtcNow(), done);
        FoldJournal(connection, database, done);
        return done;
    }

    private static void MendRows(SqliteConnection connection, DerivedFiles files, DateTimeOffset now, List<string> done)
    {
        using var transaction = connection.BeginTransaction();
        var again = 0;
        foreach (var ids in files.Missing.Chunk(1000))
        {
            again += connection.Execute(
                $"UPDATE assets SET status = {(int)AssetStatus.Pending}, attempts = 0, claim_owner = NULL, not_before = 0 WHERE id IN {SqlIds.In(ids)}");
        }

        Say(again, "assets whose thumbnail was missing are pending again: the next start makes them", done);
        var held = connection.Execute(
            "UPDATE assets SET not_before = 0 WHERE not_before > 0 AND not_before > @late", ("@late", (now + DatabaseChecks.LongestWait).ToStored()));
        Say(held, "assets that waited for a time far in the future may be tried at once", done);
        // What was put back above is counted here too, so that only what was wrong before is told.
        var wrong = CounterAudit.Mend(connection);
        if (again == 0)
            Say(wrong, "libraries and task groups were counted again", done);
        transaction.Commit();
    }

    private static void FoldJournal(SqliteConnection connection, string database, List<string> done)
    {
        var journal = new FileInfo(database + "-wal");
        var bytes = journal.Exists ? journal.Length : 0;
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        if (bytes > 0)
            done.Add($"{bytes / 1048576.0:N1} MiB of the journal were taken into the database");
    }

    private static void Delete(IReadOnlyList<string> files, string what, List<string> done)
    {
        foreach (var file in files)
            File.Delete(file);
        Say(files.Count, $"{what} were removed", done);
    }

    private static void Say(int count, string what, List<string> done)
    {
        if (count > 0)
            done.Add($"{count:N0} {what}");
    }
}
