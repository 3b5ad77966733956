using Npgsql;
using Vitrine.Server.Tests.Cli;
using Vitrine.Tests.Transfer;
using Xunit;

namespace Vitrine.Server.Tests.Migrate;

/// <summary>kill -9 of the real program: it stands still at the wanted point because a lock of the test holds it there.</summary>
public sealed class MigrateKillTests : MigrateTest
{
    /// <summary>Three batches.</summary>
    private const int Assets = 12_000;

    private const int Gate = 4711;

    [Fact]
    public async Task Kill_AtSeveralPoints_EndsWithEveryRowOnce()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", Assets);

        await KillAtAsync("transfers", "INSERT", "TRUE", arrived: 0); // before anything is there
        await KillAtAsync("asset_details", "INSERT", "TRUE", arrived: 0); // in the middle of the first batch
        await KillAtAsync("transfers", "UPDATE", "NEW.copied_to > 5000", arrived: 5000); // as the second begins
        await KillAtAsync("embeddings", "INSERT", "TRUE", arrived: 5000); // near its end
        await KillAtAsync("transfers", "UPDATE", "NEW.copied_to > 10000", arrived: 10_000);
        await KillAtAsync("transfers", "UPDATE", "NEW.finished_at IS NOT NULL", arrived: Assets); // as the last transaction begins
        await KillAtAsync("libraries", "INSERT", "TRUE", arrived: Assets); // in it
        await KillAtAsync("job_lines", "INSERT", "TRUE", arrived: Assets);
        var moved = await MigratedAsync();

        Assert.Equal(Assets, moved.GetProperty("libraries")[0].GetProperty("went_on").GetInt64());
        Assert.Equal(Assets, await QueryAsync("SELECT COUNT(*) FROM assets"));
        Assert.Equal(Assets, await QueryAsync("SELECT COUNT(*) FROM (SELECT DISTINCT folder_id, name FROM assets) x"));
        Assert.Equal(Assets, await QueryAsync("SELECT SUM(pending + indexed + embedding + ready + failed) FROM progress p JOIN libraries l ON l.id = p.id"));
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM tags t WHERE assets <> (SELECT COUNT(DISTINCT asset_id) FROM asset_tags x WHERE x.tag_id = t.id)"));
        Assert.True((await MigratedAsync()).GetProperty("nothing_left").GetBoolean());
    }

    /// <summary>Runs the program until it comes to this change, and kills it there.</summary>
    /// <param name="when">Which row it is, in SQL.</param>
    /// <param name="arrived">Assets that are durably there.</param>
    private async Task KillAtAsync(string table, string change, string when, long arrived)
    {
        await ExecuteAsync(
            $"""
            CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock({Gate}); RETURN NEW; END $$;
            CREATE TRIGGER stand_still BEFORE {change} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION stand_still();
            """);
        await using (var gate = await ConnectAsync())
        {
            await using var close = new NpgsqlCommand($"SELECT pg_advisory_lock({Gate})", gate);
            await close.ExecuteNonQueryAsync(Cancelled);
            using (var program = CliProgram.Start([], "migrate", "--to", Connection, "--data", Data))
            {
                await UntilAsync($"SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {Gate} AND NOT granted", waiting => waiting == 1);
                await program.KillAsync();
            }

            Assert.Equal(arrived, await QueryAsync("SELECT COUNT(*) FROM assets"));
            Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM libraries"));
        }

        // Its session ends as soon as it goes on and finds nobody there.
        await UntilAsync("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()", others => others == 0);
        await ExecuteAsync("DROP FUNCTION stand_still CASCADE");
    }
}
