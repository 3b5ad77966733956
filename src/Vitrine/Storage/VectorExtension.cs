using Npgsql;

namespace Vitrine.Storage;

/// <summary>Whether a PostgreSQL database searches vectors itself: with pgvector from 0.8 on, whose index scan goes on until enough is found.</summary>
/// <param name="InUse">Whether the extension is made and new enough.</param>
/// <param name="Detail">For a person: <c>pgvector 0.8.1 (HNSW, cosine)</c>, or why it is not used and what to do.</param>
public sealed record VectorExtension(bool InUse, string Detail)
{
    /// <summary>Any number but the migrations'.</summary>
    private const long Lock = 8_487_466;

    private static readonly Version s_oldest = new(0, 8);

    /// <summary>Makes the extension where the server has it and this user may; of several processes that start together one does.</summary>
    internal static VectorExtension Create(NpgsqlConnection connection)
    {
        var (available, made) = Versions(connection);
        if (made is null && IsNewEnough(available))
        {
            try
            {
                // Both in one transaction, with which the lock ends.
                connection.Execute($"SELECT pg_advisory_xact_lock({Lock}); CREATE EXTENSION IF NOT EXISTS vector");
            }
            catch (PostgresException exception)
            {
                return new VectorExtension(false, $"pgvector {available} is installed, but CREATE EXTENSION vector failed: {exception.MessageText}");
            }
        }

        return Look(connection);
    }

    /// <summary>What is there; changes nothing.</summary>
    internal static VectorExtension Look(NpgsqlConnection connection) => Versions(connection) switch
    {
        (null, null) => new(false, "pgvector is not installed on the database's server"),
        (var available, null) when IsNewEnough(available) => new(false, $"pgvector {available} is installed: the next start makes it an extension of this database"),
        (var available, null) => new(false, $"pgvector {available} is too old: {s_oldest} or newer is used"),
        (_, { } made) when !IsNewEnough(made) => new(false, $"pgvector {made} is too old: {s_oldest} or newer is used, after ALTER EXTENSION vector UPDATE"),
        (_, { } made) when connection.QueryNumber("SELECT CASE WHEN to_regtype('halfvec') IS NULL THEN 0 ELSE 1 END") == 0
            => new(false, $"pgvector {made} lies in a schema that is not on the search path of this user"),
        (_, { } made) => new(true, $"pgvector {made} (HNSW, cosine)"),
    };

    private static (string? Available, string? Made) Versions(NpgsqlConnection connection) => connection.QueryFirstOrDefault(
        "SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'vector'",
        row => (row.StringOrNull(0), row.StringOrNull(1)));

    private static bool IsNewEnough(string? version) => Version.TryParse(version, out var parsed) && parsed >= s_oldest;
}
