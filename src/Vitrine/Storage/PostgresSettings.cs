using Npgsql;

namespace Vitrine.Storage;

/// <summary>
/// What every connection asks for, unless the connection string says otherwise: a partner that is gone without a word (a pulled cable, a
/// machine without power) is noticed within half a minute on both sides, and no transaction stays open behind it.
/// </summary>
internal static class PostgresSettings
{
    /// <summary>Seconds without traffic until the first question whether the other side is there.</summary>
    private const int AskAfter = 10;

    /// <summary>Seconds between such questions; the ninth without an answer ends the connection.</summary>
    private const int AskAgain = 2;

    /// <summary>
    /// For the server's side of the connection. A process that stops in the middle of a transaction holds locks for at most so long; what it
    /// wrote is rolled back then.
    /// </summary>
    private static readonly string s_session = string.Join(
        ' ',
        $"-c tcp_keepalives_idle={AskAfter}",
        $"-c tcp_keepalives_interval={AskAgain}",
        "-c tcp_keepalives_count=9",
        "-c tcp_user_timeout=30000",
        "-c idle_in_transaction_session_timeout=30000");

    /// <param name="connectionString">As a person gave it; what it says itself is kept.</param>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public static NpgsqlConnectionStringBuilder Of(string connectionString)
    {
        // Text that runs more than a few times is prepared by the driver; identifiers of our own text never hold user input.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "vitrine", MaxAutoPrepare = 100 };
        // What is under way is bounded by the command timeout of 30 s; this is for connections that wait, such as the one that listens.
        if (settings is { TcpKeepAlive: false, TcpKeepAliveTime: 0 })
            (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, AskAfter, AskAgain);
        settings.Options = $"{s_session} {settings.Options}".TrimEnd(); // the last one wins
        return settings;
    }

    /// <summary>For the one connection of a process that writes: under a name of its own, so that what became of an earlier one can be asked.</summary>
    public static NpgsqlConnectionStringBuilder OfWriter(NpgsqlConnectionStringBuilder settings) => new(settings.ConnectionString)
    {
        ApplicationName = $"vitrine writer {Guid.CreateVersion7():N}",
        Pooling = false,
    };
}
