using Microsoft.Data.Sqlite;
using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>What the database says, against itself, the clock, the machine and the files. It is only read.</summary>
internal static class DatabaseChecks
{
    /// <summary>No retry waits longer by itself.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_clockDrift = TimeSpan.FromMinutes(5);

    /// <summary>A clock before this was never set.</summary>
    private static readonly DateTimeOffset s_firstVersion = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="folder">The data folder.</param>
    /// <param name="everyFile">Whether files are compared with rows, which takes time with many of them.</param>
    /// <param name="time">This machine's clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IEnumerable<Check> All(string folder, bool everyFile, TimeProvider time, CancellationToken cancellationToken)
    {
        var file = Path.Join(folder, DatabaseFile.Name);
        if (!File.Exists(file))
        {
            yield return Check.Ok("database", "none yet");
            yield return Clock(time.GetUtcNow(), null);
            yield break;
        }

        var (check, connection) = Open(file);
        yield return check;
        using (connection)
        {
            yield return Clock(time.GetUtcNow(), connection);
            if (connection is null)
                yield break;
            yield return Check.Ok("similarity", "exact scan in the server");
            yield return Counters(connection);
            if (OperatingSystem.IsLinux())
                yield return WatchLimit.Check(connection.QueryNumber("SELECT COUNT(*) FROM folders"));
            if (!everyFile)
                yield break;
            foreach (var found in Files(DerivedFiles.Look(connection, folder, cancellationToken)))
                yield return found;
        }
    }

    private static (Check Check, SqliteConnection? Connection) Open(string file)
    {
        try
        {
            DatabaseFile.CheckEveryPage(file);
            var connection = DatabaseFile.OpenToRead(file);
            var version = connection.QueryNumber("PRAGMA user_version");
            if (version < MigrationScripts.Sqlite.Newest)
            {
                connection.Dispose();
                return (Check.Ok("database", $"{file}, whole, of an older version ({version}): the next start brings it up to {MigrationScripts.Sqlite.Newest}. Then ask again for the rest."), null);
            }

            return (Check.Ok("database", $"{file}, {new FileInfo(file).Length / 1048576.0:N1} MiB, version {version}, every page is whole"), connection);
        }
        catch (DatabaseUnavailableException exception)
        {
            return (Check.Problem("database", exception.Message), null);
        }
        catch (SqliteException exception)
        {
            return (Check.Problem("database", DatabaseFile.Explain(file, exception).Message), null);
        }
    }

    private static Check Clock(DateTimeOffset now, SqliteConnection? connection)
    {
        if (now < s_firstVersion)
            return Check.Problem("clock", $"it is {now:u} here, before Vitrine was made. Set the clock: times of files and retries depend on it.");
        if (connection is null)
            return Check.Ok("clock", $"{now:u}");
        var newest = connection.QueryNumber(
            "SELECT MAX(t) FROM (SELECT MAX(updated_at) t FROM progress UNION ALL SELECT MAX(created_at) FROM task_groups)");
        if (StoredTime.FromStored(newest) > now + s_clockDrift)
            return Check.Warning("clock", $"the database was last changed at {StoredTime.FromStored(newest):u}, and it is only {now:u}. Set the clock: retries wait for the time to come.");
        var late = connection.QueryNumber("SELECT COUNT(*) FROM assets WHERE not_before > 0 AND not_before > @late", ("@late", (now + LongestWait).ToStored()));
        return late == 0
            ? Check.Ok("clock", $"{now:u}")
            : Check.Warning("clock", $"{late:N0} assets wait for a time far in the future: the clock was wrong once. 'vitrine doctor --repair' lets them be tried at once.");
    }

    private static Check Counters(SqliteConnection connection)
    {
        var all = CounterAudit.All(connection);
        var wrong = all.Where(audit => !audit.IsExact).ToList();
        return wrong.Count == 0
            ? Check.Ok("counters", $"{all.Count:N0} libraries and task groups count what is there")
            : Check.Problem(
                "counters",
                $"{wrong.Count:N0} libraries or task groups count other than what is there, such as {wrong[0].Id}: {string.Join('/', wrong[0].Kept)} instead of {string.Join('/', wrong[0].Counted)}. "
                + "'vitrine doctor --repair' counts again.");
    }

    private static IEnumerable<Check> Files(DerivedFiles files)
    {
        yield return files.Missing.Count == 0
            ? Check.Ok("missing_thumbnails", $"none; {files.Thumbnails:N0} are there")
            : Check.Warning("missing_thumbnails", $"{files.Missing.Count:N0} ready assets have none. They are made when they are looked at; 'vitrine doctor --repair' has all of them made.");
        yield return files.Orphans.Count == 0
            ? Check.Ok("orphaned_thumbnails", "none")
            : Check.Warning("orphaned_thumbnails", $"{files.Orphans.Count:N0} thumbnails and previews belong to no asset any more, such as {files.Orphans[0]}. 'vitrine doctor --repair' removes them.");
        var away = files.Away.Count == 0 ? "" : $" Not looked at, because the folder is away: {string.Join(", ", files.Away)}.";
        yield return files.Gone.Count == 0
            ? Check.Ok("rows_without_files", $"none of {files.Rows:N0}.{away}".TrimEnd())
            : Check.Warning("rows_without_files", $"{files.Gone.Count:N0} of {files.Rows:N0}, such as {files.Gone[0]}. Scan the library again: it takes out what is gone.{away}");
    }
}
