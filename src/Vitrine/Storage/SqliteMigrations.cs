using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>The scripts on SQLite, applied in order, each in a transaction of its own.</summary>
internal static class SqliteMigrations
{
    /// <exception cref="DatabaseUnavailableException">The database was written by a newer program.</exception>
    public static void CheckVersion(DbConnection connection, string path) => MigrationScripts.Sqlite.CheckVersion(Version(connection), path);

    /// <summary>Brings a database that <see cref="CheckVersion"/> let through up to date.</summary>
    public static void Apply(DbConnection connection)
    {
        foreach (var (version, sql) in MigrationScripts.Sqlite.After(Version(connection)))
        {
            using var transaction = connection.BeginTransaction();
            connection.ExecuteIn(transaction, sql);
            connection.ExecuteIn(transaction, $"PRAGMA user_version={version}");
            transaction.Commit();
        }
    }

    private static long Version(DbConnection connection) => connection.QueryNumber("PRAGMA user_version");

    private static void ExecuteIn(this DbConnection connection, DbTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
