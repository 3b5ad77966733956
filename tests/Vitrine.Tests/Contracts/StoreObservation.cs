using Vitrine.Progress;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>What the rows say at one moment.</summary>
internal sealed record StoreObservation(
    IReadOnlyDictionary<long, AssetStatus> Statuses,
    IReadOnlyDictionary<long, long> Owners,
    IReadOnlyDictionary<long, (long ModifiedAt, long FolderId)> Files,
    IReadOnlyDictionary<long, long> Versions)
{
    public static StoreObservation Of(Stores stores)
    {
        var rows = stores.Database.Read(connection => connection.Query(
            "SELECT id, status, claim_owner, modified_at, folder_id FROM assets",
            row => (Id: row.GetInt64(0), Status: (AssetStatus)row.GetInt32(1), Owner: row.LongOrNull(2), File: (row.GetInt64(3), row.GetInt64(4)))));
        return new StoreObservation(
            rows.ToDictionary(row => row.Id, row => row.Status),
            rows.Where(row => row.Owner is not null).ToDictionary(row => row.Id, row => row.Owner!.Value),
            rows.ToDictionary(row => row.Id, row => row.File),
            CounterCheck.Rows(stores).ToDictionary(row => row.Id, row => row.Version));
    }

    /// <summary>Whether the asset is gone, or has another content or place than before.</summary>
    public bool IsAnother(StoreObservation before, long id) =>
        !Files.TryGetValue(id, out var file) || file != before.Files.GetValueOrDefault(id, file);

    /// <summary>Versions only grow, and a status only moves forward: but for a changed or moved file, and a failed one that is retried.</summary>
    public void FollowsFrom(StoreObservation before, bool retried)
    {
        Assert.All(before.Versions, pair => Assert.True(Versions[pair.Key] >= pair.Value, $"the version of {pair.Key} fell"));
        foreach (var (id, status) in Statuses)
        {
            if (!before.Statuses.TryGetValue(id, out var earlier) || earlier == status)
                continue;
            var allowed = IsAnother(before, id) ? status == AssetStatus.Pending
                : earlier == AssetStatus.Failed ? retried && status is AssetStatus.Pending or AssetStatus.Indexed
                : status > earlier && earlier != AssetStatus.Ready;
            Assert.True(allowed, $"asset {id} went from {earlier} to {status}");
        }
    }

    /// <summary>Assets that may be worked on: of libraries that are not paused and groups that are not cancelled.</summary>
    public static IReadOnlySet<long> Workable(Stores stores) => stores.Database.Read(connection => connection.Query(
        """
        SELECT a.id FROM assets a JOIN libraries l ON l.id = a.library_id JOIN task_groups g ON g.id = a.task_group_id
        WHERE l.paused = FALSE AND g.cancelled = FALSE AND a.not_before <= @now
        """,
        row => row.GetInt64(0),
        ("@now", stores.Time.GetUtcNow().ToStored()))).ToHashSet();
}
