using Vitrine.Storage;
using Vitrine.Transfer;
using Xunit;

namespace Vitrine.Tests.Transfer;

/// <summary>A move that stops anywhere goes on there, and ends as if it had never stopped; what differs is found and not shown.</summary>
public sealed class BrokenOffTests : TransferTest
{
    private const int Assets = 100;

    [Fact]
    public async Task Run_BrokenOffAtEveryStep_EndsAsIfItHadNot()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", Assets);
        // Each run gets one step further than the one before: each starts where that one was broken off.
        for (var steps = 0; ; steps++)
        {
            var left = steps;
            try
            {
                await MoveAsync(_ =>
                {
                    if (left-- == 0)
                        throw new OperationCanceledException();
                });
                break;
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(0, Query("SELECT COUNT(*) FROM libraries"));
                Assert.Equal(Query("SELECT COALESCE(SUM(assets), 0) FROM transfers"), Query("SELECT COUNT(*) FROM assets"));
            }
        }

        AssertArrived(Assets);
        Assert.Equal(Assets, Query("SELECT assets FROM transfers"));
    }

    [Fact]
    public async Task Run_ConnectionIsCut_SaysSoAndTheNextRunGoesOn()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", Assets);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => MoveAsync(progress =>
        {
            if (progress is { Step: TransferStep.Copying, Done: 60 })
                Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }));
        Assert.Equal(60, Query("SELECT COUNT(*) FROM assets"));

        Assert.Equal(60, Assert.Single(await MoveAsync()).WentOn);
        AssertArrived(Assets);
    }

    [Theory]
    [InlineData("assets", "UPDATE assets SET size = size + 1 WHERE id = (SELECT MAX(id) FROM assets)")]
    [InlineData("assets", "DELETE FROM assets WHERE id = (SELECT MIN(id) FROM assets)")]
    [InlineData("asset_details", "UPDATE asset_details SET title = title || ' ' WHERE asset_id = (SELECT MIN(asset_id) FROM asset_details)")]
    [InlineData("asset_details", "UPDATE asset_details SET latitude = latitude + 1e-12 WHERE asset_id = (SELECT MIN(asset_id) FROM asset_details)")]
    [InlineData("asset_tags", "DELETE FROM asset_tags WHERE asset_id = (SELECT MIN(asset_id) FROM asset_tags)")]
    [InlineData("asset_tags", "INSERT INTO asset_tags SELECT (SELECT MIN(id) FROM assets), id, 0 FROM tags ON CONFLICT DO NOTHING")]
    [InlineData("embeddings", "UPDATE embeddings SET vector = set_byte(vector, 3, 255) WHERE asset_id = (SELECT MIN(asset_id) FROM embeddings)")]
    [InlineData("failures", "UPDATE failures SET stage = 1 - stage WHERE asset_id = (SELECT MIN(asset_id) FROM failures)")]
    [InlineData("assets per status", "UPDATE assets SET status = 0 WHERE id = (SELECT MIN(id) FROM assets WHERE status = 1)")]
    public async Task Run_RowsOfTheTargetDiffer_IsFoundAndTheNextRunStartsOver(string table, string spoil)
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", Assets);

        var found = await Assert.ThrowsAsync<TransferDiffersException>(() => MoveAsync(progress =>
        {
            if (progress is { Step: TransferStep.Copying, Done: Assets })
                Execute(spoil);
        }));

        var difference = Assert.Single(found.Differences, difference => difference.Table == table);
        Assert.True(difference.Examples.Count > 0 || table == "assets per status");
        Assert.All(difference.Examples, example => Assert.Contains(EmbeddedLibrary.Odd, example, StringComparison.Ordinal));
        Assert.Equal((0, 1), (Query("SELECT COUNT(*) FROM libraries"), Query("SELECT COUNT(*) FROM transfers WHERE differs AND finished_at IS NULL")));

        Assert.Equal(0, Assert.Single(await MoveAsync()).WentOn);
        AssertArrived(Assets);
    }

    [Fact]
    public async Task Run_SourceHasChangedSinceItBegan_StartsOver()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", Assets);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MoveAsync(progress =>
        {
            if (progress.Done == 60)
                throw new OperationCanceledException();
        }));
        await EmbeddedLibrary.ExecuteAsync(Data, "DELETE FROM assets WHERE id = 1; UPDATE progress SET version = version + 1, pending = (SELECT COUNT(*) FROM assets WHERE status = 0 AND (library_id = progress.id OR task_group_id = progress.id))");
        var steps = new List<TransferStep>();

        var moved = Assert.Single(await MoveAsync(progress => steps.Add(progress.Step)));

        Assert.Contains(TransferStep.StartingOver, steps);
        Assert.Equal(0, moved.WentOn);
        AssertArrived(Assets - 1);
    }

    [Fact]
    public async Task Run_CountersOfTheSourceAreWrong_TheTargetsAreRight()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", Assets);
        await EmbeddedLibrary.ExecuteAsync(Data, "UPDATE progress SET ready = ready + 17");

        await MoveAsync();

        AssertArrived(Assets);
    }
}
