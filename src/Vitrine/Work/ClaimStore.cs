using System.Data.Common;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Work;

/// <summary>
/// Claims. On SQLite the one writer thread makes select and update one step; on PostgreSQL rows that another process is just claiming
/// are passed over.
/// </summary>
public sealed partial class ClaimStore(Database database, ProgressStore progress, Announcements announcements, TimeProvider time, RootMap? roots = null, UnseenRoots? unseen = null)
    : IClaimStore
{
    /// <summary>Of the processes that rescue at the same time one does: none takes what a newcomer has just claimed for a dead one's.</summary>
    private const long RescueLock = 8_487_464;

    private readonly RootMap _roots = roots ?? RootMap.None;

    private const string TakeSql =
        "UPDATE assets SET claim_owner = @owner, claims = claims + 1, attempts = attempts + 1, not_before = 0, status = @working";

    private const string ReturningSql =
        """
        RETURNING id, library_id, task_group_id, claim_owner, claims, attempts, status, kind,
            (SELECT f.path FROM folders f WHERE f.id = folder_id), name, sha256, thumbnail,
            (SELECT l.path FROM libraries l WHERE l.id = library_id)
        """;

    /// <summary>
    /// Spelled so that the planner proves <c>assets_waiting</c> applies. PostgreSQL would rather walk all ids in their order, once it has
    /// statistics, and pass over everything that is done: its index ends with an expression that no other index has.
    /// </summary>
    internal static string ClaimGroupSql(SqlDialect dialect)
    {
        var id = dialect.IsPostgres ? "(a.id + 0)" : "a.id";
        var waiting =
            $"""
            SELECT a.id FROM assets a WHERE a.task_group_id = @group AND a.status = @status AND {id} > @after
                AND a.claim_owner IS NULL AND a.status <> 3 AND a.status <> 4 AND a.not_before <= @now
            ORDER BY {id} LIMIT @count {dialect.SkipLocked("a")}
            """;
        return $"{TakeSql} WHERE {dialect.IsOneOf("id", waiting)} {ReturningSql}";
    }

    /// <summary>
    /// A scan has the machine to itself for so long, except for what somebody looks at: 100,000 files are listed within
    /// half a second instead of two (docs/benchmarks.md). A scan that takes longer, of a slow drive, shares.
    /// </summary>
    private static readonly TimeSpan s_scanAlone = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_fromTheStart = TimeSpan.FromSeconds(1);

    /// <summary>The last asset that was claimed of a task group and status, and when they were last looked through from the start; the writer's thread's own.</summary>
    private readonly Dictionary<(long Group, AssetStatus Waiting), (long AssetId, long Since)> _passed = [];

    /// <summary>A row that a dying connection still locks is left for the next time: nobody's rescue waits for it.</summary>
    internal static string RescueSql(SqlDialect dialect) =>
        $"""
        UPDATE assets SET claim_owner = NULL WHERE id IN (
            SELECT a.id FROM assets a WHERE a.claim_owner IS NOT NULL AND a.claim_owner NOT IN (SELECT id FROM workers) {dialect.SkipLocked("a")})
        """;

    /// <summary>Spelled so that the planner proves <c>assets_held_back</c> applies.</summary>
    internal const string NextRetrySql = "SELECT MIN(not_before) FROM assets WHERE not_before > 0 AND not_before > @after";

    public Task<IReadOnlyList<Claim>> ClaimAsync(
        long owner, Stage stage, int count, IReadOnlyList<long> visible, bool oldestFirst, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<Claim>>(
            transaction =>
            {
                var (now, working) = (time.GetUtcNow(), stage == Stage.Metadata ? AssetStatus.Pending : AssetStatus.Embedding);
                // Embedding work that was handed back stays in its status: it never moves backwards.
                AssetStatus[] waiting = stage == Stage.Metadata ? [AssetStatus.Pending] : [AssetStatus.Embedding, AssetStatus.Indexed];
                var steps = waiting.Select(status => new ClaimStep(transaction, _roots, owner, status, working, now)).ToList();
                var (left, elsewhere) = (count, unseen?.Of(stage) ?? []);
                foreach (var step in steps)
                    left -= visible.Count > 0 && left > 0 ? ClaimVisible(step, visible, elsewhere, left) : 0;
                foreach (var step in steps)
                {
                    foreach (var group in left > 0 ? WaitingGroups(transaction, step.Waiting, oldestFirst, now - s_scanAlone, elsewhere) : [])
                        left -= left > 0 ? ClaimGroup(step, group, left) : 0;
                    if (step.Waiting != working)
                        MoveCounters(transaction, step.Claims, step.Waiting, working);
                }

                return InOrder(steps, visible);
            },
            WriteUrgency.Urgent,
            cancellationToken);

    public Task<int> RescueAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            transaction =>
            {
                if (transaction.Connection.QueryNumber(transaction.Dialect.TryAlone(RescueLock)) == 0)
                    return 0;
                var dead = SqlIds.In(WorkerStore.Dead(transaction, time.GetUtcNow()));
                transaction.Connection.Execute($"DELETE FROM workers WHERE id IN {dead}");
                var rescued = transaction.Connection.Execute(RescueSql(transaction.Dialect));
                return rescued;
            },
            WriteUrgency.Urgent,
            cancellationToken);

    public Task<int> ReleaseUnknownAsync(long owner, Stage stage, IReadOnlyCollection<(long AssetId, long Number)> held, CancellationToken cancellationToken)
    {
        var known = held.Count == 0 ? "" : $"AND (id, claims) NOT IN (VALUES {string.Join(',', held.Select(claim => $"({claim.AssetId},{claim.Number})"))})";
        return database.WriteAsync(
            transaction => transaction.Connection.Execute(
                $"UPDATE assets SET claim_owner = NULL, attempts = attempts - 1 WHERE claim_owner = @owner AND status = @working {known}",
                ("@owner", owner), ("@working", (int)(stage == Stage.Metadata ? AssetStatus.Pending : AssetStatus.Embedding))),
            WriteUrgency.Urgent,
            cancellationToken);
    }

    public DateTimeOffset? NextRetryOrNull(DateTimeOffset after) =>
        database.Read(connection => connection.QueryFirstOrDefault(NextRetrySql, row => row.TimeOrNull(0), ("@after", after.ToStored())));

    /// <summary>The most wanted come first; what cannot be claimed now is passed over.</summary>
    /// <param name="elsewhere">Libraries that are left to other processes.</param>
    internal static string ClaimVisibleSql(SqlDialect dialect, IEnumerable<long> visible, IReadOnlyCollection<long> elsewhere) =>
        $"""
        WITH wanted (id, place) AS (VALUES {string.Join(',', visible.Select((id, place) => $"({id},{place})"))})
        {TakeSql} WHERE id IN (
            SELECT a.id FROM wanted w CROSS JOIN assets a
            WHERE a.id = w.id AND a.status = @status AND a.claim_owner IS NULL AND a.not_before <= @now
                AND a.library_id IN (SELECT id FROM libraries WHERE paused = FALSE AND offline_since IS NULL){Without("a", elsewhere)}
                AND a.task_group_id IN (SELECT id FROM task_groups WHERE cancelled = FALSE)
            ORDER BY w.place LIMIT @count {dialect.SkipLocked("a")})
        {ReturningSql}
        """;

    /// <param name="counter">The column of the status that is asked for.</param>
    /// <param name="elsewhere">Libraries that are left to other processes.</param>
    internal static string WaitingGroupsSql(SqlDialect dialect, string counter, bool oldestFirst, IReadOnlyCollection<long> elsewhere) =>
        $"""
        SELECT g.id FROM progress p {dialect.IndexedBy("progress_unfinished")} CROSS JOIN task_groups g JOIN libraries l ON l.id = g.library_id
        WHERE g.id = p.id AND p.pending + p.indexed + p.embedding > 0 AND p.{counter} > 0
            AND g.cancelled = FALSE AND l.paused = FALSE AND l.offline_since IS NULL AND (g.scanning = FALSE OR g.created_at < @scanningSince){Without("g", elsewhere)}
        ORDER BY p.id {(oldestFirst ? "" : "DESC")}
        """;

    private static string Without(string table, IReadOnlyCollection<long> libraries) =>
        libraries.Count == 0 ? "" : $" AND {table}.library_id NOT IN {SqlIds.In(libraries)}";

    /// <summary>Task groups with work in this status, most urgent first.</summary>
    private static List<long> WaitingGroups(
        WriteTransaction transaction, AssetStatus waiting, bool oldestFirst, DateTimeOffset scanningSince, IReadOnlyCollection<long> elsewhere)
    {
        var counter = waiting switch
        {
            AssetStatus.Pending => "pending",
            AssetStatus.Indexed => "indexed",
            _ => "embedding",
        };
        return transaction.Query(
            WaitingGroupsSql(transaction.Dialect, counter, oldestFirst, elsewhere),
            row => row.GetInt64(0),
            ("@scanningSince", scanningSince.ToStored()));
    }

    /// <remarks>
    /// PostgreSQL keeps what was claimed in the index until it is vacuumed, and a claim from the start would pass over all of it: 13 ms a
    /// claim at 100,000 assets. So it goes on after the last one it gave, and from the start when nothing is left there, and once a second
    /// for what was given back.
    /// </remarks>
    private int ClaimGroup(ClaimStep step, long group, int count)
    {
        var key = (group, step.Waiting);
        var (after, since) = step.Transaction.Dialect.IsPostgres ? _passed.GetValueOrDefault(key) : default;
        if (after > 0 && time.GetElapsedTime(since) > s_fromTheStart)
            after = 0;
        var taken = Claim(after);
        if (taken == 0 && after > 0)
            taken = Claim(after = 0);
        if (taken == 0)
            _passed.Remove(key);
        else
            _passed[key] = (step.Claims[^1].AssetId, after == 0 ? time.GetTimestamp() : since);
        return taken;

        int Claim(long from) => step.Take(step.Transaction.Query(
            ClaimGroupSql(step.Transaction.Dialect), step.Read, [.. step.Parameters, ("@group", group), ("@after", from), ("@count", count)]));
    }

    /// <remarks>Its text holds ids: it is prepared for once.</remarks>
    private static int ClaimVisible(ClaimStep step, IReadOnlyList<long> visible, IReadOnlyCollection<long> elsewhere, int count) =>
        step.Take(step.Transaction.Connection.Query(
            ClaimVisibleSql(step.Transaction.Dialect, visible, elsewhere), row => step.Read(row) with { Visible = true }, [.. step.Parameters, ("@count", count)]));

    private static List<Claim> InOrder(IEnumerable<ClaimStep> steps, IReadOnlyList<long> visible)
    {
        var places = new Dictionary<long, int>();
        foreach (var (place, id) in visible.Index())
            places.TryAdd(id, place);
        return
        [
            .. steps.SelectMany(step => step.Claims).OrderByDescending(claim => claim.Visible)
                .ThenBy(claim => claim.Visible ? places[claim.AssetId] : 0), // a stable sort: the rest stays as it was taken
        ];
    }

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

    /// <summary>What the claims of one status in one transaction share, and what was claimed.</summary>
    private sealed class ClaimStep(WriteTransaction transaction, RootMap roots, long owner, AssetStatus waiting, AssetStatus working, DateTimeOffset now)
    {
        public AssetStatus Waiting => waiting;

        public WriteTransaction Transaction => transaction;

        public (string Name, object? Value)[] Parameters { get; } =
            [("@owner", owner), ("@status", (int)waiting), ("@working", (int)working), ("@now", now.ToStored())];

        public List<Claim> Claims { get; } = [];

        public Claim Read(DbDataReader row) => new(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5), (AssetStatus)row.GetInt32(6),
            (AssetKind)row.GetInt32(7), roots.Here(row.GetString(12)), AssetStore.JoinPath(row.GetString(8), row.GetString(9)), row.BytesOrNull(10),
            row.GetBoolean(11), Visible: false);

        public int Take(List<Claim> taken)
        {
            Claims.AddRange(taken.OrderBy(claim => claim.AssetId)); // RETURNING promises no order
            return taken.Count;
        }
    }
}
