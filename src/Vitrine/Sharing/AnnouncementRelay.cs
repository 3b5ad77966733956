using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Sharing;

/// <summary>
/// Carries announcements, and what people wait for, between the processes on one database: what is announced here is told there, and
/// announced there as if it had been committed there.
/// </summary>
/// <remarks>
/// Sent after the commit on a connection of its own, so that a commit never waits for it. What is lost on the way (a cut
/// connection, a process that died between commit and message) is found by <see cref="Resynchronisation"/>.
/// </remarks>
public sealed class AnnouncementRelay(
    Announcements announcements,
    VisibleAssets wanted,
    PostgresNotifications notifications,
    SharedProgress shared,
    ILogger<AnnouncementRelay> logger)
{
    /// <summary>Lines wait here while the database does not answer; beyond it they are dropped and resynchronised.</summary>
    private const int Waiting = 10_000;

    /// <summary>The first change is told at once; those that follow within so long are told together: each message costs every process on the database.</summary>
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(20);

    /// <summary>Announcements per sending, at most.</summary>
    private const int Together = 1_000;

    [ThreadStatic]
    private static bool s_announcingForeign;

    /// <summary>Tells this process's own messages from others'.</summary>
    private readonly string _prefix = $"{Guid.CreateVersion7():N}"[20..] + " ";

    private readonly Channel<Announcement> _outgoing = Channel.CreateBounded<Announcement>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Channel<WantedAssets> _wanted = Channel.CreateBounded<WantedAssets>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Runs until cancelled.</summary>
    /// <param name="listening">Called whenever messages may have been missed.</param>
    public async Task RunAsync(Action listening, CancellationToken cancellationToken)
    {
        using var subscription = announcements.Subscribe(Hear);
        wanted.Reported += Offer;
        try
        {
            await Task.WhenAll(
                notifications.ListenAsync(Receive, listening, cancellationToken),
                SendAsync(_outgoing.Reader, told => GatheredAnnouncements.Join(told).SelectMany(announcement => AnnouncementText.Lines(announcement, _prefix)), cancellationToken),
                SendAsync(_wanted.Reader, told => told.Select(assets => WantedText.Line(assets, _prefix)), cancellationToken));
        }
        finally
        {
            wanted.Reported -= Offer;
        }
    }

    private void Hear(Announcement announcement)
    {
        if (!s_announcingForeign)
            _outgoing.Writer.TryWrite(announcement);
    }

    private void Offer(WantedAssets assets) => _wanted.Writer.TryWrite(assets);

    private async Task SendAsync<T>(ChannelReader<T> outgoing, Func<IReadOnlyList<T>, IEnumerable<string>> lines, CancellationToken cancellationToken)
    {
        while (await outgoing.WaitToReadAsync(cancellationToken))
        {
            var told = new List<T>();
            while (told.Count < Together && outgoing.TryRead(out var next))
                told.Add(next);
            try
            {
                if (lines(told).ToArray() is { Length: > 0 } messages)
                    await notifications.SendAsync(messages, cancellationToken);
            }
            catch (DatabaseUnavailableException exception)
            {
                logger.LogWarning("{Reason}; others will find the change by themselves", exception.Message);
            }

            await Task.Delay(s_gather, cancellationToken);
        }
    }

    private void Receive(string message)
    {
        if (message.StartsWith(_prefix, StringComparison.Ordinal))
            return;
        var line = message[(message.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        try
        {
            if (WantedText.ReadOrNull(line) is { } assets)
                wanted.WantElsewhere(assets);
            else if (AnnouncementText.ReadOrNull(line) is { } announcement)
                AnnounceForeign(announcement);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or DatabaseUnavailableException)
        {
            logger.LogWarning("A message of another process was passed over: {Reason}", exception.Message);
        }
    }

    /// <summary>The board first: who hears of a library looks there.</summary>
    private void AnnounceForeign(Announcement announcement)
    {
        switch (announcement)
        {
            case Announcement.AssetsChanged changed:
                shared.RefreshSoon(changed.LibraryId);
                break;
            case Announcement.AssetsAdded added:
                shared.Refresh(added.LibraryId);
                break;
            case Announcement.AssetsRemoved removed:
                shared.Refresh(removed.LibraryId);
                break;
            case Announcement.LibraryChanged library:
                shared.Refresh(library.LibraryId);
                break;
            case Announcement.LibraryForgotten library:
                shared.Forget(library.LibraryId);
                break;
        }

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
