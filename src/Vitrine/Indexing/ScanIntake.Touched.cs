using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <content>Files that look the same but were touched: those whose content is another one are pending again.</content>
internal sealed partial class ScanIntake
{
    /// <summary>What is known of touched assets, by id; those that are gone meanwhile are left out.</summary>
    public IReadOnlyList<TouchedAsset> TouchedAssets(IReadOnlyCollection<long> assetIds) => database.Read(connection => connection.Query(
        $"SELECT a.id, f.path, a.name, a.size, a.modified_at, a.sha256 FROM assets a JOIN folders f ON f.id = a.folder_id WHERE a.id IN {SqlIds.In(assetIds)}",
        row => new TouchedAsset(
            row.GetInt64(0), AssetStore.JoinPath(row.GetString(1), row.GetString(2)), new FileStamp(row.GetInt64(3), row.GetInt64(4)), row.BytesOrNull(5))));

    /// <summary>
    /// Remembers how touched files look now, and begins those anew that were edited, or may have been while they were read for the first time or failed. One that
    /// could not be compared stays as it is known, so that the next scan compares it.
    /// </summary>
    /// <param name="compared">Of the <paramref name="touched"/>: whether they hold the same as before, where they could be read.</param>
    public Task<ScanChanges> SettleTouchedAsync(
        ScanSession scan, IReadOnlyList<TouchedAsset> touched, IReadOnlyDictionary<long, bool> compared, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => Step(
            transaction,
            scan,
            step =>
            {
                foreach (var asset in touched)
                {
                    var changedAt = scan.Touched[asset.AssetId];
                    var status = Standing(step.Transaction.Prepare("SELECT status, task_group_id FROM assets WHERE id = @id").Set("@id", asset.AssetId))?.Status;
                    // A decoder may have what a pending one held before: its answer comes too late then.
                    if (status == AssetStatus.Pending || asset.Sha256 is null || !compared.GetValueOrDefault(asset.AssetId, true))
                        Change(step, asset.AssetId, asset.Stamp, changedAt);
                    else if (compared.ContainsKey(asset.AssetId))
                        step.Transaction.Queue(RememberSql, ("@id", asset.AssetId), ("@changed", changedAt));
                }
            }),
        WriteUrgency.Bulk,
        cancellationToken);
}
