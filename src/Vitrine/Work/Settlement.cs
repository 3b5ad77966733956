using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>
/// Ends claims: the result, the next status, the counters and the announcement in one transaction. A database that cannot commit
/// (a full disk) is tried again until it can or the program ends: results are not thrown away.
/// </summary>
public sealed class Settlement(
    Database database, IClaimStore claims, ProgressStore progress, Announcements announcements, TimeProvider time, ILogger<Settlement> logger)
{
    private long _settled;

    /// <summary>Claims that were finished or failed since the start.</summary>
    public long Settled => Interlocked.Read(ref _settled);

    /// <summary>Finishes each claim that still holds, then lets <paramref name="write"/> store its result in the same transaction.</summary>
    public Task FinishAsync(
        IReadOnlyList<Claim> finished, AssetStatus target, Action<WriteTransaction, Claim> write, CancellationToken cancellationToken) =>
        CommitAsync(
            finished,
            (transaction, claim, changes) =>
            {
                if (claims.TryFinish(transaction, claim, target, changes))
                    write(transaction, claim);
            },
            "finished",
            cancellationToken);

    /// <summary>Fails a claim that still holds, with the reason; what is known of the file is stored all the same.</summary>
    public Task FailAsync(
        Claim claim, Stage stage, string reason, Action<WriteTransaction, Claim> write, CancellationToken cancellationToken) =>
        CommitAsync(
            [claim],
            (transaction, failed, changes) =>
            {
                if (claims.TryFail(transaction, failed, stage, reason, changes))
                    write(transaction, failed);
            },
            "failed",
            cancellationToken);

    /// <summary>Passing trouble: tries again later, or fails the claim when it has been tried often enough.</summary>
    public Task RetryLaterAsync(Claim claim, Stage stage, string reason, CancellationToken cancellationToken) =>
        claim.Attempt >= RetryPolicy.MaxAttempts
            ? FailAsync(claim, stage, reason, (_, _) => { }, cancellationToken)
            : UntilWrittenAsync(
                () => claims.ReleaseAsync(
                    [claim], time.GetUtcNow() + RetryPolicy.Backoff(claim.Attempt), countAttempt: true, CancellationToken.None),
                1,
                "retried",
                cancellationToken);

    /// <summary>
    /// The library's folder is not there: nothing is wrong with the file, and a process that sees it may claim it at once. This one has
    /// noted in <see cref="UnseenRoots"/> that it does not.
    /// </summary>
    public Task PutOffAsync(Claim claim, CancellationToken cancellationToken) =>
        UntilWrittenAsync(
            () => claims.ReleaseAsync([claim], notBefore: null, countAttempt: false, CancellationToken.None),
            1,
            "put_off",
            cancellationToken);

    /// <summary>Interrupted by a shutdown: given back without spending the attempt.</summary>
    public async Task HandBackAsync(IReadOnlyCollection<Claim> interrupted)
    {
        await claims.ReleaseAsync(interrupted, notBefore: null, countAttempt: false, CancellationToken.None);
        WorkMetrics.Settled("handed_back", interrupted.Count);
    }

    private async Task CommitAsync(
        IReadOnlyList<Claim> settled, Action<WriteTransaction, Claim, CounterChanges> settle, string outcome, CancellationToken cancellationToken)
    {
        await UntilWrittenAsync(
            () => database.WriteAsync(transaction => Settle(transaction, settled, settle), WriteUrgency.Urgent, CancellationToken.None),
            settled.Count,
            outcome,
            cancellationToken);
        Interlocked.Add(ref _settled, settled.Count);
    }

    private async Task UntilWrittenAsync(Func<Task> write, int count, string outcome, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await write();
                WorkMetrics.Settled(outcome, count);
                return;
            }
            catch (DatabaseUnavailableException exception)
            {
                logger.LogWarning(exception, "{Count} results wait for the database", count);
                await Task.Delay(RetryPolicy.Backoff(attempt), time, cancellationToken);
            }
        }
    }

    private bool Settle(WriteTransaction transaction, IReadOnlyList<Claim> settled, Action<WriteTransaction, Claim, CounterChanges> settle)
    {
        var changes = new CounterChanges();
        foreach (var claim in settled)
            settle(transaction, claim, changes);
        progress.Apply(transaction, changes);
        foreach (var library in settled.GroupBy(claim => claim.LibraryId, claim => claim.AssetId))
        {
            var ids = library.ToList();
            transaction.AfterCommit(() => announcements.Announce(new Announcement.AssetsChanged(library.Key, ids)));
        }

        return true;
    }
}
