using Npgsql;
using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>kill -9 at a server that scans and works, while another server and a worker go on.</summary>
public sealed class ServerKillTests : MachinesTest
{
    private const int Files = 60;

    [Fact]
    public async Task Kill_InTheMiddleOfItsScan_TheOtherServerGoesOnWithItAndItsSocketsToo()
    {
        using var elsewhere = new TemporaryFolder("vitrine-data-");
        for (var i = 0; i < Files; i++)
        {
            Directory.CreateDirectory(Pictures.PathOf($"{i % 6}"));
            Pictures.Jpeg($"{i % 6}/{i}.jpg", 60, 40, seed: i);
        }

        await using var killed = await VitrineProcess.StartSharedAsync(Data.Path, Connection);
        await using var other = await VitrineProcess.StartSharedAsync(elsewhere.Path, Connection);
        await using var worker = await WorkerProcess.StartAsync(Connection, lease: "3s");
        var owner = await QueryAsync($"SELECT id FROM workers WHERE process_id = {killed.Id}");
        string library;
        SocketClient progress;
        await using (var held = new NpgsqlConnection(Connection))
        {
            // Its walk gets no further than the first folder that it wants to write down.
            await held.OpenAsync(Cancelled);
            await using var lockFolders = new NpgsqlCommand("BEGIN; LOCK TABLE folders IN EXCLUSIVE MODE", held);
            await lockFolders.ExecuteNonQueryAsync(Cancelled);
            library = await killed.AddAsync(Pictures.Folder);
            await UntilAsync($"SELECT COUNT(*) FROM job_runs WHERE name = 'scan:{library}' AND status = 'running' AND owner = {owner}", running => running == 1);
            progress = await SocketAsync(other, library);

            await killed.KillAsync();

            await UntilAsync($"SELECT COUNT(*) FROM job_runs WHERE name = 'scan:{library}' AND status = 'running' AND owner <> {owner}", running => running == 1);
        }

        using (progress)
        {
            var snapshots = await progress.ReadToEndAsync(); // ends by itself after the last one
            Assert.Equal(("complete", Files), (snapshots[^1].GetProperty("status").GetString(), snapshots[^1].GetProperty("ready").GetInt32()));
        }

        await AssertWholeAsync(Files);
        Assert.Equal(1, await QueryAsync($"SELECT COUNT(*) FROM job_runs WHERE name = 'scan:{library}'")); // the same run went on
        await using var restarted = await VitrineProcess.StartSharedAsync(Data.Path, Connection);
        Assert.Equal(Files, (await restarted.GetAsync($"/api/libraries/{library}/assets?limit=1")).GetProperty("total").GetInt32());
        Assert.Equal("complete", (await restarted.GetAsync($"/api/progress/{library}")).GetProperty("status").GetString());
        Assert.Equal(0, await QueryAsync($"SELECT COUNT(*) FROM workers WHERE id = {owner}"));
    }

    [Fact]
    public async Task Kill_InTheMiddleOfItsWork_NothingIsLostOrDoneTwice()
    {
        using var elsewhere = new TemporaryFolder("vitrine-data-");
        MakePictures(Files);
        await TakeInAsync(Files);
        await QueryAsync(Outcomes.Watch);
        await QueryAsync(Outcomes.Slow(seconds: 0.01));
        await using var other = await VitrineProcess.StartSharedAsync(elsewhere.Path, Connection, "--no-work");
        await using var worker = await WorkerProcess.StartAsync(Connection, lease: "3s");
        for (var round = 0; round < 2; round++)
        {
            await using var killed = await VitrineProcess.StartSharedAsync(Data.Path, Connection);
            var more = await QueryAsync("SELECT SUM(claims) FROM assets") + 20;
            await UntilAsync("SELECT SUM(claims) FROM assets", claims => claims >= more || claims >= Files);
            await killed.KillAsync();
        }

        await QueryAsync(Outcomes.Fast);
        await ReadyAsync(Files);
        await AssertWholeAsync(Files);
        Assert.Equal(Files, await QueryAsync("SELECT COUNT(*) FROM outcomes"));
        var library = await QueryAsync("SELECT id FROM libraries");
        Assert.Equal(Files, (await other.FinishedAsync($"{library}")).GetProperty("ready").GetInt32());
    }

    private static async Task<SocketClient> SocketAsync(VitrineProcess server, string library)
    {
        // The library was added by another process: this one hears of it.
        await server.KnowsAsync(library);
        return await SocketClient.ConnectAsync(server.Address, $"/ws/progress/{library}");
    }
}
