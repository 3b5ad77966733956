using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Tests.Work;

/// <summary>The first claim and the first look for a retry find the database away.</summary>
internal sealed class ClaimsOfADatabaseThatIsAway(IClaimStore claims) : IClaimStore
{
    private bool _claimed;
    private bool _looked;

    public Task<IReadOnlyList<Claim>> ClaimAsync(
        long owner, Stage stage, int count, IReadOnlyList<long> visible, bool oldestFirst, CancellationToken cancellationToken)
    {
        if (_claimed)
            return claims.ClaimAsync(owner, stage, count, visible, oldestFirst, cancellationToken);
        _claimed = true;
        return Task.FromException<IReadOnlyList<Claim>>(new DatabaseUnavailableException("away"));
    }

    public DateTimeOffset? NextRetryOrNull(DateTimeOffset after)
    {
        if (_looked)
            return claims.NextRetryOrNull(after);
        _looked = true;
        throw new DatabaseUnavailableException("away");
    }

    public IReadOnlyList<Outcome> Settle(WriteTransaction transaction, IReadOnlyList<Outcome> outcomes, CounterChanges changes) =>
        claims.Settle(transaction, outcomes, changes);

    public Task ReleaseAsync(IReadOnlyCollection<Claim> released, DateTimeOffset? notBefore, bool countAttempt, CancellationToken cancellationToken) =>
        claims.ReleaseAsync(released, notBefore, countAttempt, cancellationToken);

    public Task<int> ReleaseUnknownAsync(long owner, Stage stage, IReadOnlyCollection<(long AssetId, long Number)> held, CancellationToken cancellationToken) =>
        claims.ReleaseUnknownAsync(owner, stage, held, cancellationToken);

    public Task<int> RescueAsync(CancellationToken cancellationToken) => claims.RescueAsync(cancellationToken);
}
