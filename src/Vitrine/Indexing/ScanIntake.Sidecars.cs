using Vitrine.Images.Metadata;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <content>A picture whose sidecar came, changed or went is pending again: what the sidecar says belongs to it.</content>
internal sealed partial class ScanIntake
{
    private static void CompareSidecars(IntakeStep step, long folderId, IReadOnlyDictionary<string, long> sidecars)
    {
        var assets = step.Transaction.Prepare("SELECT id, name, sidecar_at, status, task_group_id, claim_owner IS NULL FROM assets WHERE folder_id = @id")
            .Set("@id", folderId)
            .Query(row => (Id: row.GetInt64(0), Name: row.GetString(1), SidecarAt: row.GetInt64(2), Status: (AssetStatus)row.GetInt32(3), Group: row.GetInt64(4), Waits: row.GetBoolean(5)));
        foreach (var asset in assets.Where(asset => !step.Scan.Vanished.ContainsKey(asset.Id)))
        {
            var sidecarAt = SidecarPaths.For(asset.Name).Select(name => sidecars.GetValueOrDefault(name)).FirstOrDefault(at => at != 0);
            if (sidecarAt == asset.SidecarAt)
                continue;
            step.Transaction.Prepare("UPDATE assets SET sidecar_at = @at, claim_owner = NULL WHERE id = @id").Set("@id", asset.Id).Set("@at", sidecarAt).ExecuteNonQuery();
            if (asset.Status == AssetStatus.Pending && asset.Waits)
                continue;
            Again(step, asset.Id, (asset.Status, asset.Group));
            step.Changed.Add(asset.Id);
        }

        step.Transaction.Prepare("UPDATE folders SET sidecars = @any WHERE id = @id").Set("@id", folderId).Set("@any", sidecars.Count > 0).ExecuteNonQuery();
    }
}
