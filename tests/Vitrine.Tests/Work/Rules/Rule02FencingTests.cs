using Vitrine.Progress;
using Vitrine.Tests.Contracts;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>Work rule 2: a claim has an owner and a lease, and every completion takes effect only while it holds.</summary>
public sealed class Rule02FencingTests : StoreContract
{
    private const string RowSql =
        "SELECT status || ' ' || ifnull(claim_owner, '-') || ' ' || claims || ' ' || attempts || ' ' || not_before || ' ' || task_group_id FROM assets";

    public static TheoryData<string, bool> Ends()
    {
        var ends = new TheoryData<string, bool>();
        foreach (var end in (string[])["finish", "fail", "release", "retry later", "put off"])
        {
            ends.Add(end, true);
            ends.Add(end, false);
        }

        return ends;
    }

    /// <param name="end">What the stale worker tries.</param>
    /// <param name="claimedAgain">Whether another worker has the asset by then, or it waits.</param>
    [Theory]
    [MemberData(nameof(Ends))]
    public async Task StaleWorker_ThatLostItsClaim_ChangesNothing(string end, bool claimedAgain)
    {
        var library = await AddLibraryAsync("/photos", "a.jpg");
        var stale = (await ClaimAsync(await WorkerAsync())).Single();
        Time.Advance(WorkerStore.Lease + TimeSpan.FromSeconds(1));
        await Stores.Claims.RescueAsync(Token);
        if (claimedAgain)
            await ClaimAsync(await WorkerAsync());
        var before = Scalar<string>(RowSql);
        var version = Stores.Board.SnapshotOrNull(library.Id)!.Version;

        await EndAsync(end, stale);

        Assert.Equal(before, Scalar<string>(RowSql));
        Assert.Equal(version, Stores.Board.SnapshotOrNull(library.Id)!.Version);
        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM failures"));
        CountersAreTrue();
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Worker_ThatHoldsItsClaim_EndsIt(string end, bool embedding)
    {
        await AddLibraryAsync("/photos", "a.jpg");
        if (embedding)
            await WorkAsync(AssetStatus.Indexed);
        var held = (await ClaimAsync(await WorkerAsync(), embedding ? Stage.Embedding : Stage.Metadata)).Single();

        await EndAsync(end, held);

        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM assets WHERE claim_owner IS NOT NULL"));
        CountersAreTrue();
    }

    private Task EndAsync(string end, Claim claim)
    {
        var stage = claim.Status == AssetStatus.Pending ? Stage.Metadata : Stage.Embedding;
        return end switch
        {
            "finish" => FinishAsync([claim], stage == Stage.Metadata ? AssetStatus.Indexed : AssetStatus.Ready),
            "fail" => FailAsync(claim, stage),
            "release" => Stores.Settlement.HandBackAsync([claim]),
            "retry later" => Stores.Settlement.RetryLaterAsync(claim, stage, "locked", Token),
            "put off" => Stores.Settlement.PutOffAsync(claim, Token),
            _ => throw new ArgumentOutOfRangeException(nameof(end), end, "Not an end."),
        };
    }
}
