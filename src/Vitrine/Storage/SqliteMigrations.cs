using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>The scripts on SQLite, applied in order, each in a transaction of its own.</summary>
internal static class SqliteMigrations
{
    /// <exception cref="DatabaseUnavailableException">The database was written by a newer program.</exception>
    public static void CheckVersion(DbConnection connection, string path) => MigrationScripts.Sqlite.CheckVersion(Version(connection), path);

    /// <summary>Brings a database that <see cref="CheckVersion"/> let through up to date.</summary>
    /// <remarks>
    /// A script that fails is taken back when the connection is closed, where SQLite has not done so by itself, as for a full disk: a transaction object
    /// would try it a second time, and its exception would stand in the place of the reason.
    /// </remarks>
    public static void Apply(DbConnection connection)
    {
        foreach (var (version, sql) in MigrationScripts.Sqlite.After(Version(connection)))
        {
            connection.Execute("BEGIN IMMEDIATE");
            connection.Execute(sql);
            connection.Execute($"PRAGMA user_version={version}");
            connection.Execute("COMMIT");
        }
    }

    private static long Version(DbConnection connection) => connection.QueryNumber("PRAGMA user_version");
}
