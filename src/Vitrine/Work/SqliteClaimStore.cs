using System.Data.Common;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>Claims on SQLite: the one writer thread makes select and update one step.</summary>
public sealed class SqliteClaimStore(Database database, ProgressStore progress, Announcements announcements, TimeProvider time) : IClaimStore
{
    private const string ReturningSql =
        """
        RETURNING id, library_id, task_group_id, claim_owner, attempts, status, kind,
            (SELECT f.path FROM folders f WHERE f.id = folder_id), name, sha256, thumbnail,
            (SELECT l.path FROM libraries l WHERE l.id = library_id)
        """;

    /// <summary>Spelled so that the planner proves <c>assets_waiting</c> applies.</summary>
    private const string WaitingSql = "claim_owner IS NULL AND status < 3 AND not_before <= @now";

    private const string ClaimGroupSql =
        $"""
        UPDATE assets SET claim_owner = @owner, attempts = attempts + 1, status = @working WHERE id IN (
            SELECT id FROM assets WHERE task_group_id = @group AND status = @status AND {WaitingSql} ORDER BY id LIMIT @count)
        {ReturningSql}
        """;

    /// <summary>
    /// A scan has the machine to itself for so long, except for what somebody looks at: 100,000 files are listed within
    /// half a second instead of two (docs/benchmarks.md). A scan that takes longer, of a slow drive, shares.
    /// </summary>
    private static readonly TimeSpan s_scanAlone = TimeSpan.FromSeconds(5);

    private const string FinishSql =
        """
        UPDATE assets SET status = @status, claim_owner = NULL, attempts = 0, not_before = 0
        WHERE id = @id AND claim_owner = @owner AND attempts = @attempt
        RETURNING task_group_id
        """;

    public Task<IReadOnlyList<Claim>> ClaimAsync(
        long owner, Stage stage, int count, IReadOnlyList<long> visible, bool oldestFirst, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<Claim>>(
            transaction =>
            {
                var claims = new List<Claim>();
                // Embedding work that was handed back stays in its status: it never moves backwards.
                foreach (var waiting in stage == Stage.Metadata ? [AssetStatus.Pending] : new[] { AssetStatus.Embedding, AssetStatus.Indexed })
                {
                    var working = stage == Stage.Metadata ? AssetStatus.Pending : AssetStatus.Embedding;
                    var step = new ClaimStep(transaction, owner, waiting, working, time.GetUtcNow());
                    if (visible.Count > 0 && claims.Count < count)
                        claims.AddRange(ClaimVisible(step, visible, count - claims.Count));
                    foreach (var group in claims.Count < count ? WaitingGroups(transaction.Connection, waiting, oldestFirst, time.GetUtcNow() - s_scanAlone) : [])
                    {
                        if (claims.Count >= count)
                            break;
                        claims.AddRange(ClaimGroup(step, group, count - claims.Count));
                    }

                    if (waiting != working)
                        MoveCounters(transaction, claims.Where(claim => step.Taken.Contains(claim.AssetId)), waiting, working);
                }

                return claims;
            },
            WriteUrgency.Urgent,
            cancellationToken);

    public bool TryFinish(WriteTransaction transaction, Claim claim, AssetStatus target, CounterChanges changes)
    {
        // The group that counts it now: a scan begun meanwhile has taken it over from the one it was claimed in.
        var group = transaction.Prepare(FinishSql)
            .Set("@id", claim.AssetId).Set("@owner", claim.Owner).Set("@attempt", claim.Attempt).Set("@status", (int)target)
            .ExecuteScalar();
        if (group is not long taskGroupId)
            return false;
        changes.Move(claim.LibraryId, taskGroupId, claim.Status, target);
        return true;
    }

    public bool TryFail(WriteTransaction transaction, Claim claim, Stage stage, string reason, CounterChanges changes)
    {
        if (!TryFinish(transaction, claim, AssetStatus.Failed, changes))
            return false;
        transaction.Prepare(
                """
                INSERT OR REPLACE INTO failures (asset_id, library_id, stage, reason, attempts, failed_at)
                VALUES (@id, @library, @stage, @reason, @attempts, @now)
                """)
            .Set("@id", claim.AssetId).Set("@library", claim.LibraryId).Set("@stage", (int)stage).Set("@reason", reason)
            .Set("@attempts", claim.Attempt).Set("@now", time.GetUtcNow().ToStored())
            .ExecuteNonQuery();
        return true;
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
                        transaction.Prepare(
                                """
                                UPDATE assets SET claim_owner = NULL, attempts = attempts - @unspent, not_before = @notBefore
                                WHERE id = @id AND claim_owner = @owner AND attempts = @attempt
                                """)
                            .Set("@id", claim.AssetId).Set("@owner", claim.Owner).Set("@attempt", claim.Attempt)
                            .Set("@unspent", countAttempt ? 0 : 1).Set("@notBefore", notBefore?.ToStored() ?? 0)
                            .ExecuteNonQuery();
                    }
                },
                WriteUrgency.Urgent,
                cancellationToken);

    public Task<int> RescueAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                var dead = SqlIds.In(WorkerStore.Dead(transaction, time.GetUtcNow()));
                var rescued = transaction.Connection.Execute($"UPDATE assets SET claim_owner = NULL WHERE claim_owner IN {dead}");
                transaction.Connection.Execute($"DELETE FROM workers WHERE id IN {dead}");
                return rescued;
            },
            WriteUrgency.Urgent,
            cancellationToken);

    public DateTimeOffset? NextRetryOrNull() =>
        database.Read(connection => connection.QueryFirstOrDefault(
            "SELECT MIN(not_before) FROM assets WHERE not_before > 0", row => row.TimeOrNull(0)));

    /// <summary>Task groups with work in this status, most urgent first.</summary>
    private static List<long> WaitingGroups(DbConnection connection, AssetStatus waiting, bool oldestFirst, DateTimeOffset scanningSince)
    {
        var counter = waiting switch
        {
            AssetStatus.Pending => "pending",
            AssetStatus.Indexed => "indexed",
            _ => "embedding",
        };
        return connection.Query(
            $"""
            SELECT g.id FROM task_groups g JOIN libraries l ON l.id = g.library_id JOIN progress p ON p.id = g.id
            WHERE g.cancelled = 0 AND l.paused = 0 AND p.{counter} > 0 AND (g.scanning = 0 OR g.created_at < @scanningSince)
            ORDER BY g.id {(oldestFirst ? "" : "DESC")}
            """,
            row => row.GetInt64(0),
            ("@scanningSince", scanningSince.ToStored()));
    }

    private static List<Claim> ClaimGroup(ClaimStep step, long group, int count) =>
        step.Read(step.Prepare(ClaimGroupSql).Set("@group", group).Set("@count", count), visible: false);

    private static List<Claim> ClaimVisible(ClaimStep step, IReadOnlyList<long> visible, int count) =>
        step.Read(
            step.PrepareOnce(
                $"""
                UPDATE assets SET claim_owner = @owner, attempts = attempts + 1, status = @working
                WHERE id IN (
                    SELECT id FROM assets WHERE id IN {SqlIds.In(visible)} AND status = @status AND {WaitingSql}
                        AND library_id IN (SELECT id FROM libraries WHERE paused = 0)
                        AND task_group_id IN (SELECT id FROM task_groups WHERE cancelled = 0)
                    LIMIT @count)
                {ReturningSql}
                """).Set("@count", count),
            visible: true);

    private void MoveCounters(WriteTransaction transaction, IEnumerable<Claim> claims, AssetStatus from, AssetStatus to)
    {
        var changes = new CounterChanges();
        foreach (var group in claims.GroupBy(claim => (claim.LibraryId, claim.TaskGroupId)))
        {
            changes.Move(group.Key.LibraryId, group.Key.TaskGroupId, from, to, group.Count());
            var ids = group.Select(claim => claim.AssetId).ToList();
            transaction.AfterCommit(() => announcements.Announce(new Announcement.AssetsChanged(group.Key.LibraryId, ids)));
        }

        progress.Apply(transaction, changes);
    }

    /// <summary>What the claims of one status in one transaction share.</summary>
    private sealed class ClaimStep(WriteTransaction transaction, long owner, AssetStatus waiting, AssetStatus working, DateTimeOffset now)
    {
        public HashSet<long> Taken { get; } = [];

        public DbCommand Prepare(string sql) => Bind(transaction.Prepare(sql));

        /// <summary>For text that holds ids and would fill the cache of prepared commands.</summary>
        public DbCommand PrepareOnce(string sql)
        {
            var command = transaction.Connection.CreateCommand();
            command.CommandText = sql;
            return Bind(command);
        }

        public List<Claim> Read(DbCommand command, bool visible)
        {
            var claims = command.Query(row => new Claim(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), (AssetStatus)row.GetInt32(5),
                (AssetKind)row.GetInt32(6), row.GetString(11), AssetStore.JoinPath(row.GetString(7), row.GetString(8)), row.BytesOrNull(9), row.GetBoolean(10), visible));
            claims.Sort((left, right) => left.AssetId.CompareTo(right.AssetId)); // RETURNING promises no order
            Taken.UnionWith(claims.Select(claim => claim.AssetId));
            return claims;
        }

        private DbCommand Bind(DbCommand command) => command
            .Set("@owner", owner).Set("@status", (int)waiting).Set("@working", (int)working).Set("@now", now.ToStored());
    }
}
