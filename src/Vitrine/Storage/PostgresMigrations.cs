using Npgsql;

namespace Vitrine.Storage;

/// <summary>The numbered scripts on PostgreSQL: under an advisory lock, so that of several processes that start together one applies them.</summary>
internal static class PostgresMigrations
{
    /// <summary>Any number that nobody else uses: "vitrine" as a telephone spells it.</summary>
    private const long Lock = 8_487_463;

    /// <exception cref="DatabaseUnavailableException">The database was written by a newer program.</exception>
    public static void Apply(NpgsqlConnection connection)
    {
        connection.Execute($"SELECT pg_advisory_lock({Lock})");
        try
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
            var version = connection.QueryNumber("SELECT COALESCE(MAX(version), 0) FROM schema_version");
            MigrationScripts.Postgres.CheckVersion(version, connection.Database);
            foreach (var (next, sql) in MigrationScripts.Postgres.After(version))
            {
                using var transaction = connection.BeginTransaction();
                connection.Execute(sql);
                connection.Execute("INSERT INTO schema_version (version) VALUES (@version)", ("@version", next));
                transaction.Commit();
            }
        }
        finally
        {
            connection.Execute($"SELECT pg_advisory_unlock({Lock})");
        }
    }
}
