using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>
/// Ends claims: the result, the next status, the counters and the announcement in one transaction. A database that cannot commit
/// (a full disk) is tried again until it can or the program ends: results are not thrown away.
/// </summary>
public sealed class Settlement
{
    private readonly IClaimStore _claims;
    private readonly ProgressStore _progress;
    private readonly Announcements _announcements;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GatheredWrites<Ended> _ended;
    private long _settled;

    public Settlement(
        Database database, IClaimStore claims, ProgressStore progress, Announcements announcements, TimeProvider time, ILogger<Settlement> logger)
    {
        (_claims, _progress, _announcements, _time, _logger) = (claims, progress, announcements, time, logger);
        _ended = new GatheredWrites<Ended>(database, Write);
    }

    /// <summary>Claims that were finished or failed since the start.</summary>
    public long Settled => Interlocked.Read(ref _settled);

    /// <summary>Finishes each claim that still holds, then lets <paramref name="write"/> store its result in the same transaction.</summary>
    public Task FinishAsync(
        IReadOnlyList<Claim> finished, AssetStatus target, Action<WriteTransaction, Claim> write, CancellationToken cancellationToken) =>
        CommitAsync(new Ended([.. finished.Select(claim => new Outcome(claim, target))], write), "finished", cancellationToken);

    /// <summary>Fails a claim that still holds, with the reason; what is known of the file is stored all the same.</summary>
    /// <param name="reason">As <see cref="FailureReason.Parse"/> reads it.</param>
    public async Task FailAsync(
        Claim claim, Stage stage, string reason, Action<WriteTransaction, Claim> write, CancellationToken cancellationToken)
    {
        await CommitAsync(new Ended([new Outcome(claim, AssetStatus.Failed, (stage, reason))], write), "failed", cancellationToken);
        WorkMetrics.Failed(FailureReason.Parse(reason));
    }

    /// <summary>Passing trouble: tries again later, or fails the claim when it has been tried often enough.</summary>
    public Task RetryLaterAsync(Claim claim, Stage stage, string reason, CancellationToken cancellationToken) =>
        claim.Attempt >= RetryPolicy.MaxAttempts
            ? FailAsync(claim, stage, reason, (_, _) => { }, cancellationToken)
            : RetryLaterAsync(claim, RetryPolicy.Backoff(claim.Attempt), cancellationToken);

    /// <summary>Tries again after a while, and counts the attempt.</summary>
    public Task RetryLaterAsync(Claim claim, TimeSpan wait, CancellationToken cancellationToken) => UntilWrittenAsync(
        () => _claims.ReleaseAsync([claim], _time.GetUtcNow() + wait, countAttempt: true, CancellationToken.None), 1, "retried", cancellationToken);

    /// <summary>Nothing is wrong with the file, and nobody could do its work now: tried again after a while, without spending the attempt.</summary>
    public Task WaitAsync(Claim claim, CancellationToken cancellationToken) => UntilWrittenAsync(
        () => _claims.ReleaseAsync([claim], _time.GetUtcNow() + RetryPolicy.OutageWait(), countAttempt: false, CancellationToken.None),
        1,
        "put_off",
        cancellationToken);

    /// <summary>
    /// The library's folder is not there: nothing is wrong with the file, and a process that sees it may claim it at once. This one has
    /// noted in <see cref="UnseenRoots"/> that it does not.
    /// </summary>
    public Task PutOffAsync(Claim claim, CancellationToken cancellationToken) =>
        UntilWrittenAsync(
            () => _claims.ReleaseAsync([claim], notBefore: null, countAttempt: false, CancellationToken.None),
            1,
            "put_off",
            cancellationToken);

    /// <summary>Interrupted by a shutdown: given back without spending the attempt.</summary>
    public async Task HandBackAsync(IReadOnlyCollection<Claim> interrupted)
    {
        await _claims.ReleaseAsync(interrupted, notBefore: null, countAttempt: false, CancellationToken.None);
        WorkMetrics.Settled("handed_back", interrupted.Count);
    }

    private async Task CommitAsync(Ended ended, string outcome, CancellationToken cancellationToken)
    {
        await UntilWrittenAsync(() => _ended.WriteAsync(ended), ended.Outcomes.Count, outcome, cancellationToken);
        Interlocked.Add(ref _settled, ended.Outcomes.Count);
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
                _logger.Log(Outages.LevelOf(exception, LogLevel.Warning), exception, "{Count} results wait for the database", count);
                await Task.Delay(RetryPolicy.Backoff(attempt), _time, cancellationToken);
            }
        }
    }

    /// <summary>All that ended at the same time: one statement for the fences, then the results and the counters in one trip.</summary>
    private void Write(WriteTransaction transaction, IReadOnlyList<Ended> ended)
    {
        var changes = new CounterChanges();
        var outcomes = ended.SelectMany(one => one.Outcomes, (one, outcome) => (outcome, one.Write)).ToList();
        var held = _claims.Settle(transaction, [.. outcomes.Select(pair => pair.outcome)], changes).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var (outcome, write) in outcomes)
        {
            if (held.Contains(outcome))
                write(transaction, outcome.Claim);
        }

        _progress.Apply(transaction, changes);
        foreach (var library in outcomes.Select(pair => pair.outcome.Claim).GroupBy(claim => claim.LibraryId, claim => claim.AssetId))
        {
            var ids = library.ToList();
            transaction.AfterCommit(() => _announcements.Announce(new Announcement.AssetsChanged(library.Key, ids)));
        }
    }

    /// <summary>What takes effect together: the claims of one unit of work, and what stores the result of each.</summary>
    private sealed record Ended(IReadOnlyList<Outcome> Outcomes, Action<WriteTransaction, Claim> Write);
}
