using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>Whether the shared database can be reached, what it is, and whether it searches vectors. Nothing is changed: its tables are brought up to date by a start.</summary>
internal static class PostgresCheck
{
    public static IReadOnlyList<Check> All(string connectionString)
    {
        try
        {
            var (place, server, version, vectors) = PostgresDatabase.Look(connectionString);
            var newest = MigrationScripts.Postgres.Newest;
            var database = version > newest
                ? Check.Problem("database", $"PostgreSQL {server}, {place}, has version {version}, and this program knows versions up to {newest}. Start the newer program.")
                : Check.Ok(
                    "database",
                    $"PostgreSQL {server}, {place}, "
                    + (version == 0 ? "empty: the first start makes the tables" : version < newest ? $"version {version}: the next start brings it up to {newest}" : $"version {version}"));
            return [database, Check.Ok("similarity", vectors.InUse ? vectors.Detail : $"exact scan in the server: {vectors.Detail}")];
        }
        catch (DatabaseUnavailableException exception)
        {
            return [Check.Problem("database", exception.Message)];
        }
    }
}
