using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Storage;

namespace Vitrine.Sharing;

/// <summary>
/// Carries announcements between the processes on one database: what is announced here is told there, and announced there as if it
/// had been committed there.
/// </summary>
/// <remarks>
/// Sent after the commit on a connection of its own, so that a commit never waits for it. What is lost on the way (a cut
/// connection, a process that died between commit and message) is found by comparing versions.
/// </remarks>
public sealed class AnnouncementRelay(Announcements announcements, PostgresNotifications notifications, ILogger<AnnouncementRelay> logger)
{
    /// <summary>Announcements wait here while the database does not answer; beyond it they are dropped and resynchronised.</summary>
    private const int Waiting = 10_000;

    /// <summary>Tells this process's own messages from others'.</summary>
    private readonly string _prefix = $"{Guid.CreateVersion7():N}"[20..] + " ";

    private readonly Channel<Announcement> _outgoing = Channel.CreateBounded<Announcement>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    [ThreadStatic]
    private static bool s_announcingForeign;

    /// <summary>Runs until cancelled.</summary>
    /// <param name="listening">Called whenever messages may have been missed.</param>
    public async Task RunAsync(Action listening, CancellationToken cancellationToken)
    {
        using var subscription = announcements.Subscribe(Hear);
        await Task.WhenAll(
            notifications.ListenAsync(Receive, listening, cancellationToken),
            SendAsync(cancellationToken));
    }

    private void Hear(Announcement announcement)
    {
        if (!s_announcingForeign)
            _outgoing.Writer.TryWrite(announcement);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var announcement in _outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    foreach (var line in AnnouncementText.Lines(announcement, _prefix))
                        await notifications.SendAsync(line, cancellationToken);
                }
                catch (DatabaseUnavailableException exception)
                {
                    logger.LogWarning("{Reason}; others will find the change by themselves", exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the program ends
        }
    }

    private void Receive(string message)
    {
        if (message.StartsWith(_prefix, StringComparison.Ordinal))
            return;
        try
        {
            var space = message.IndexOf(' ', StringComparison.Ordinal);
            if (AnnouncementText.ReadOrNull(message[(space + 1)..]) is { } announcement)
                AnnounceForeign(announcement);
        }
        catch (FormatException exception)
        {
            logger.LogWarning("A message of another process cannot be read: {Reason}", exception.Message);
        }
    }

    private void AnnounceForeign(Announcement announcement)
    {
        s_announcingForeign = true;
        try
        {
            announcements.Announce(announcement);
        }
        finally
        {
            s_announcingForeign = false;
        }
    }
}
