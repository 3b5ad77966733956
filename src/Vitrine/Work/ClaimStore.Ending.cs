using System.Data.Common;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

public sealed partial class ClaimStore
{
    /// <summary>
    /// What is gone, taken back, or of a library that was forgotten meanwhile is left alone. The group is the asset's now: a scan that began
    /// after the claim has taken it over.
    /// </summary>
    private const string FinishSql =
        """
        UPDATE assets SET status = @status, claim_owner = NULL, attempts = 0, not_before = 0
        WHERE id = @id AND claim_owner = @owner AND claims = @number
            AND EXISTS (SELECT 1 FROM libraries WHERE libraries.id = assets.library_id)
        RETURNING id, claims, task_group_id
        """;

    /// <summary>The same for a whole batch, in one trip.</summary>
    private const string FinishTogetherSql =
        """
        UPDATE assets a SET status = ended.status, claim_owner = NULL, attempts = 0, not_before = 0
        FROM unnest(@ids, @owners, @numbers, @statuses) AS ended (id, owner, number, status)
        WHERE a.id = ended.id AND a.claim_owner = ended.owner AND a.claims = ended.number
            AND EXISTS (SELECT 1 FROM libraries WHERE libraries.id = a.library_id)
        RETURNING a.id, a.claims, a.task_group_id
        """;

    private const string FailSql =
        """
        INSERT INTO failures (asset_id, library_id, stage, reason, class, attempts, failed_at)
        VALUES (@id, @library, @stage, @reason, @class, @attempts, @now)
        ON CONFLICT (asset_id) DO UPDATE SET stage = excluded.stage, reason = excluded.reason, class = excluded.class,
            attempts = excluded.attempts, failed_at = excluded.failed_at
        """;

    private const string ReleaseSql =
        """
        UPDATE assets SET claim_owner = NULL, attempts = attempts - @unspent, not_before = @notBefore
        WHERE id = @id AND claim_owner = @owner AND claims = @number
        """;

    public IReadOnlyList<Outcome> Settle(WriteTransaction transaction, IReadOnlyList<Outcome> outcomes, CounterChanges changes)
    {
        var groups = Finish(transaction, outcomes).ToDictionary(held => (held.Id, held.Number), held => held.Group);
        var ended = new List<Outcome>(outcomes.Count);
        foreach (var outcome in outcomes)
        {
            var claim = outcome.Claim;
            if (!groups.Remove((claim.AssetId, claim.Number), out var group))
                continue;
            ended.Add(outcome);
            changes.Move(claim.LibraryId, group, claim.Status, outcome.Status);
            if (outcome.Failure is not { } failure)
                continue;
            var reason = FailureReason.Parse(failure.Reason);
            transaction.Queue(
                FailSql,
                ("@id", claim.AssetId), ("@library", claim.LibraryId), ("@stage", (int)failure.Stage), ("@reason", reason.ToString()), ("@class", reason.Code),
                ("@attempts", claim.Attempt), ("@now", time.GetUtcNow().ToStored()));
        }

        return ended;
    }

    public Task ReleaseAsync(
        IReadOnlyCollection<Claim> claims, DateTimeOffset? notBefore, bool countAttempt, CancellationToken cancellationToken) =>
        claims.Count == 0
            ? Task.CompletedTask
            : database.WriteAsync(
                transaction =>
                {
                    foreach (var claim in claims)
                    {
                        transaction.Queue(
                            ReleaseSql,
                            ("@id", claim.AssetId), ("@owner", claim.Owner), ("@number", claim.Number),
                            ("@unspent", countAttempt ? 0 : 1), ("@notBefore", notBefore?.ToStored() ?? 0));
                    }
                },
                WriteUrgency.Urgent,
                cancellationToken);

    private static List<(long Id, long Number, long Group)> Finish(WriteTransaction transaction, IReadOnlyList<Outcome> outcomes)
    {
        static (long, long, long) Held(DbDataReader row) => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        if (transaction.Dialect.IsPostgres)
        {
            return transaction.Query(
                FinishTogetherSql,
                Held,
                ("@ids", outcomes.Select(outcome => outcome.Claim.AssetId).ToArray()),
                ("@owners", outcomes.Select(outcome => outcome.Claim.Owner).ToArray()),
                ("@numbers", outcomes.Select(outcome => outcome.Claim.Number).ToArray()),
                ("@statuses", outcomes.Select(outcome => (long)outcome.Status).ToArray()));
        }

        var held = new List<(long, long, long)>(outcomes.Count);
        foreach (var (claim, status, _) in outcomes)
            held.AddRange(transaction.Query(FinishSql, Held, ("@id", claim.AssetId), ("@owner", claim.Owner), ("@number", claim.Number), ("@status", (int)status)));
        return held;
    }
}
