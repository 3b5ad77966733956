using System.Net;
using System.Net.Http.Json;
using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Indexing;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>PostgreSQL itself ends in the middle of the work and comes back: everybody goes on by themselves.</summary>
public sealed class DatabaseKillTests : MachinesTest
{
    private const int Files = 60;

    private PostgresServer? _server;

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("kill -9")]
    [InlineData("immediate stop")]
    public async Task End_InTheMiddle_AnswersAreProblemsAndAllGoesOnWhenItIsBack(string how)
    {
        using var second = new TemporaryFolder("vitrine-more-");
        MakePictures(Files);
        await using var server = await VitrineProcess.StartSharedAsync(Data.Path, Connection);
        await using var worker = await WorkerProcess.StartAsync(Connection);
        await QueryAsync(Outcomes.Watch);
        await QueryAsync(Outcomes.Slow(seconds: 0.02));
        await QueryAsync(Outcomes.HoldBack("0.jpg")); // the rest may be done before the server is gone
        var library = await server.AddAsync(Pictures.Folder);
        using var progress = await SocketClient.ConnectAsync(server.Address, $"/ws/progress/{library}");
        await UntilAsync("SELECT SUM(claims) FROM assets", claims => claims >= 20);

        await (how == "kill -9" ? _server!.KillAsync() : _server!.StopImmediatelyAsync());

        await AnswersAreProblemsAsync(server, library);
        await _server.RestartAsync();
        Npgsql.NpgsqlConnection.ClearAllPools(); // this test's own
        await QueryAsync(Outcomes.Fast);
        await QueryAsync(Outcomes.Release);

        var snapshots = await progress.ReadToEndAsync(); // the same socket, to the end
        Assert.Equal(("complete", Files), (snapshots[^1].GetProperty("status").GetString(), snapshots[^1].GetProperty("ready").GetInt32()));
        await AssertWholeAsync(Files);
        Assert.Equal(Files, await QueryAsync("SELECT COUNT(*) FROM outcomes"));
        await UntilAsync($"SELECT COUNT(*) FROM job_runs WHERE name = 'scan:{library}' AND status = 'completed'", runs => runs == 1); // its end is tried again too

        // What is asked for from now on is done as ever.
        File.Copy(Pictures.PathOf("0.jpg"), Path.Join(second.Path, "again.jpg"));
        await server.FinishedAsync(await server.AddAsync(second.Path));
        await worker.SignalAsync("TERM");
        Assert.Equal(0, await worker.EndAsync());
        Assert.Equal(0, await server.TerminateAsync());
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM workers"));
    }

    [Fact]
    public async Task Terminate_WhileItIsAway_EndsWithoutWaitingForIt()
    {
        MakePictures(4);
        await using var server = await VitrineProcess.StartSharedAsync(Data.Path, Connection);
        await using var worker = await WorkerProcess.StartAsync(Connection, grace: "1s");
        await server.FinishedAsync(await server.AddAsync(Pictures.Folder));

        await _server!.KillAsync();
        await worker.SignalAsync("TERM");

        await worker.EndAsync();
        await server.TerminateAsync();
        await _server.RestartAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        await AssertWholeAsync(4);
    }

    private protected override async Task<PostgresTestDatabase> CreateDatabaseAsync()
    {
        _server = await PostgresServer.StartAsync();
        await _server.CreateAsync("vitrine_faults");
        return new PostgresTestDatabase(_server, "vitrine_faults");
    }

    /// <summary>What memory holds is answered; the rest is refused with a reason, and nothing else happens.</summary>
    private static async Task AnswersAreProblemsAsync(VitrineProcess server, string library)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Http.GetAsync("/api/ready", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/api/health", Cancelled)).StatusCode);
        foreach (var asked in (string[])["/api/assets/1", "/api/failures", "/api/jobs", $"/api/libraries/{library}"])
            await Contract.AssertProblemAsync(await server.Http.GetAsync(asked, Cancelled), HttpStatusCode.ServiceUnavailable);
        foreach (var asked in (string[])[$"/api/libraries/{library}/pause", $"/api/libraries/{library}/scan", $"/api/libraries/{library}/retry-failed"])
            await Contract.AssertProblemAsync(await server.Http.PostAsync(asked, null, Cancelled), HttpStatusCode.ServiceUnavailable);
        await Contract.AssertProblemAsync(
            await server.Http.PostAsync("/api/libraries", JsonContent.Create(new { path = Path.GetTempPath() }), Cancelled), HttpStatusCode.ServiceUnavailable);
        Assert.Equal("in_progress", (await server.GetAsync($"/api/progress/{library}")).GetProperty("status").GetString());
    }
}
