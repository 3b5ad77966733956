using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>Whether the shared database can be reached, and what it is. Nothing is changed: its tables are brought up to date by a start.</summary>
internal static class PostgresCheck
{
    public static Check Look(string connectionString)
    {
        try
        {
            var (place, server, version) = PostgresDatabase.Look(connectionString);
            var newest = MigrationScripts.Postgres.Newest;
            return version > newest
                ? Check.Problem("database", $"PostgreSQL {server}, {place}, has version {version}, and this program knows versions up to {newest}. Start the newer program.")
                : Check.Ok(
                    "database",
                    $"PostgreSQL {server}, {place}, "
                    + (version == 0 ? "empty: the first start makes the tables" : version < newest ? $"version {version}: the next start brings it up to {newest}" : $"version {version}"));
        }
        catch (DatabaseUnavailableException exception)
        {
            return Check.Problem("database", exception.Message);
        }
    }
}
