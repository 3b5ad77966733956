using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>The PostgreSQL database that libraries are moved to.</summary>
public static class TransferTarget
{
    /// <summary>Opens it and makes its tables where they are missing; servers may be at work on it.</summary>
    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <exception cref="DatabaseUnavailableException">It cannot be reached, or is newer than this program.</exception>
    public static PostgresDatabase Open(string connectionString) => PostgresDatabase.Open(WithoutHurry(connectionString), NullLogger.Instance);

    /// <summary>For people: a connection string holds a password.</summary>
    public static string Describe(string connectionString) => PostgresDatabase.Describe(connectionString);

    /// <summary>To read a whole library may take longer than any request, and a silent cut in between must be noticed.</summary>
    private static string WithoutHurry(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0, KeepAlive = 30 };
            settings.Options = $"{settings.Options} -c idle_in_transaction_session_timeout=0".TrimStart(); // while the source is read for the check
            return settings.ToString();
        }
        catch (ArgumentException)
        {
            return connectionString; // opening says what is wrong with it
        }
    }
}
