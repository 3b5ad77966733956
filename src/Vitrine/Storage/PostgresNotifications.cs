using Microsoft.Extensions.Logging;
using Npgsql;

namespace Vitrine.Storage;

/// <summary>
/// Short messages between the processes on one database, by <c>LISTEN</c> and <c>NOTIFY</c>. A message may be lost while a
/// connection is; who listens is told when it listens again, and has to look for itself then.
/// </summary>
/// <remarks>Sending is thread-safe; one loop listens.</remarks>
public sealed class PostgresNotifications(NpgsqlDataSource source, TimeProvider time, ILogger<PostgresNotifications> logger)
{
    /// <summary>PostgreSQL refuses 8,000 bytes and more.</summary>
    public const int MaxBytes = 7_900;

    private const string Channel = "vitrine";

    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    /// <summary>Sends messages in one transaction: all arrive, in this order, those that are equal once.</summary>
    /// <exception cref="DatabaseUnavailableException">They were not sent, or nobody knows whether they were.</exception>
    public async Task SendAsync(string[] messages, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = source.CreateCommand("SELECT pg_notify($1, message) FROM unnest($2) message");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = messages });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new DatabaseUnavailableException($"A message to the other processes could not be sent: {exception.Message}", exception);
        }
    }

    /// <summary>Listens until cancelled, over any number of lost connections.</summary>
    /// <param name="heard">Called for each message, also for this process's own, in the order they were sent; must be short.</param>
    /// <param name="listening">Called when listening begins, and each time it begins again: messages may have been missed before.</param>
    public async Task ListenAsync(Action<string> heard, Action listening, CancellationToken cancellationToken)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested; failures++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                connection.Notification += (_, notification) => heard(notification.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                    await listen.ExecuteNonQueryAsync(cancellationToken);
                failures = 0;
                listening();
                while (true)
                    await connection.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                var wait = TimeSpan.FromMilliseconds(Math.Min(100 << Math.Min(failures, 10), s_longestWait.TotalMilliseconds));
                logger.LogWarning("No messages from other processes: {Reason}; trying again in {Wait} s", exception.Message, wait.TotalSeconds);
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
