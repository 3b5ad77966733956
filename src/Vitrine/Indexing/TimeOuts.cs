using System.Collections.Concurrent;
using Vitrine.Decoding;
using Vitrine.Progress;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>
/// Files at which a decoder ran out of its time. Most often it is not the file: a network drive stalls, the machine was asleep. It is tried again later, and one such
/// file at a time, so that those that really never end hold one decoder and no more.
/// </summary>
/// <remarks>Thread-safe. Counted in this process: after a restart the attempts that a claim counts are the limit.</remarks>
internal sealed class TimeOuts(Settlement settlement, DecoderOptions options)
{
    private readonly ConcurrentDictionary<(Stage, long AssetId), int> _counts = new();
    private int _isTrying;

    /// <summary>To be disposed when the file was tried; null when another such file is being tried, so that this one has to wait.</summary>
    public IDisposable? TurnOrNull(Claim claim, Stage stage) => !_counts.ContainsKey((stage, claim.AssetId))
        ? Turn.OfOthers
        : Interlocked.Exchange(ref _isTrying, 1) == 0 ? new Turn(this) : null;

    /// <summary>Tries it again later, or fails it for good at its last time-out.</summary>
    public Task SettleAsync(Claim claim, Stage stage, DecoderTimedOutException exception, CancellationToken giveUp)
    {
        var count = _counts.AddOrUpdate((stage, claim.AssetId), 1, (_, before) => before + 1);
        if (count < RetryPolicy.MaxTimeOuts && claim.Attempt < RetryPolicy.MaxAttempts)
            return settlement.RetryLaterAsync(claim, RetryPolicy.WaitAfterTimeOut(options.ItemTimeLimit), giveUp);
        Forget(claim, stage);
        return settlement.FailAsync(claim, stage, $"took too long: {exception.Message}", (_, _) => { }, giveUp);
    }

    /// <summary>It ended in time, well or not.</summary>
    public void Forget(Claim claim, Stage stage)
    {
        if (!_counts.IsEmpty)
            _counts.TryRemove((stage, claim.AssetId), out _);
    }

    private sealed class Turn(TimeOuts? of) : IDisposable
    {
        public static Turn OfOthers { get; } = new(null);

        public void Dispose()
        {
            if (of is not null)
                Volatile.Write(ref of._isTrying, 0);
        }
    }
}
