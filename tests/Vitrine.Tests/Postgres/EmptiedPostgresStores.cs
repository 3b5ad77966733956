using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;

namespace Vitrine.Tests.Postgres;

/// <summary>
/// The stores on a database that outlives them and is emptied before each use: for a test that needs a hundred of them. A database of its own
/// for each is some three hundred files to make and to delete, which took half of such a test's time.
/// </summary>
internal sealed class EmptiedPostgresStores(PostgresTestDatabase database) : IStoreSource
{
    private const string EmptySql =
        """
        DO $$
        DECLARE name text;
        BEGIN
            SET LOCAL session_replication_role = replica; -- in any order, whatever refers to what
            FOR name IN SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> 'schema_version' LOOP
                EXECUTE format('DELETE FROM %I', name);
            END LOOP;
            FOR name IN SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' LOOP
                PERFORM setval(format('%I', name)::regclass, 1, false);
            END LOOP;
        END $$
        """;

    public async ValueTask PrepareAsync()
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var empty = new NpgsqlCommand(EmptySql, connection);
        await empty.ExecuteNonQueryAsync();
    }

    public Stores Open(string folder, ManualTime time) => new(PostgresDatabase.Open(database.ConnectionString, NullLogger.Instance), time);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
