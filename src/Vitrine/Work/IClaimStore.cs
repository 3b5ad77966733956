using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>
/// The queue, which is the asset rows themselves. A claim counts its attempt at once, so that a file that kills the process is
/// noticed; every completion is fenced by owner and number, so that a late one has no effect.
/// </summary>
public interface IClaimStore
{
    /// <summary>Claims up to <paramref name="count"/> assets: those in <paramref name="visible"/> first, then task group by task group.</summary>
    /// <param name="owner">A worker with a live lease.</param>
    /// <param name="visible">Assets somebody looks at, most wanted first.</param>
    /// <param name="oldestFirst">Serve the oldest task group instead of the newest: every so often, so that none starves.</param>
    /// <returns>Visible first, the most wanted at the front, then task group by task group by id; empty when nothing waits.</returns>
    Task<IReadOnlyList<Claim>> ClaimAsync(
        long owner, Stage stage, int count, IReadOnlyList<long> visible, bool oldestFirst, CancellationToken cancellationToken);

    /// <summary>Ends claims inside the transaction that writes their results; the counters go into <paramref name="changes"/>.</summary>
    /// <returns>Those that held until now, in the order given. The others were lost: the caller writes nothing for them.</returns>
    IReadOnlyList<Outcome> Settle(WriteTransaction transaction, IReadOnlyList<Outcome> outcomes, CounterChanges changes);

    /// <summary>Gives claims back. Lost ones are left alone.</summary>
    /// <param name="notBefore">When they may be claimed again; null for at once.</param>
    /// <param name="countAttempt">False when the work was only interrupted: the attempt is not spent.</param>
    Task ReleaseAsync(IReadOnlyCollection<Claim> claims, DateTimeOffset? notBefore, bool countAttempt, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back what an owner has of a stage without knowing of it: the answer to its claim was lost, or its release was. The attempts are not spent.
    /// </summary>
    /// <param name="held">What it does know of; these are left alone.</param>
    /// <returns>How many claims were released.</returns>
    Task<int> ReleaseUnknownAsync(long owner, Stage stage, IReadOnlyCollection<(long AssetId, long Number)> held, CancellationToken cancellationToken);

    /// <summary>
    /// Releases every claim of workers that are dead: their lease is over, they were processes of this host that are gone, or
    /// they left the list without giving it back.
    /// </summary>
    /// <returns>How many claims were released.</returns>
    Task<int> RescueAsync(CancellationToken cancellationToken);

    /// <summary>The earliest time later than <paramref name="after"/> at which an asset held back for a retry may be claimed; null when there is none.</summary>
    /// <param name="after">When nothing was found to claim: what was due then waits for something else, such as a library's resuming.</param>
    DateTimeOffset? NextRetryOrNull(DateTimeOffset after);
}
