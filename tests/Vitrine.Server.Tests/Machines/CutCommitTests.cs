using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>Every few commits of a server and a worker lose their connection, before they arrive or before their answer does.</summary>
public sealed class CutCommitTests(ITestOutputHelper output) : MachinesTest
{
    private const int Files = 60;

    [Fact]
    public async Task Import_ConnectionsAreCutAtCommits_EachThingIsDoneOnce()
    {
        const int Seed = 20261120;
        output.WriteLine($"seed {Seed}");
        MakePictures(Files);
        var port = new Npgsql.NpgsqlConnectionStringBuilder(Connection).Port;
        await using var ofServer = new PostgresProxy(port);
        await using var ofWorker = new PostgresProxy(port);
        await using var server = await VitrineProcess.StartSharedAsync(Data.Path, ofServer.ConnectionString(Connection));
        await using var worker = await WorkerProcess.StartAsync(ofWorker.ConnectionString(Connection));
        await QueryAsync(Outcomes.Watch);
        await QueryAsync(Outcomes.Slow(seconds: 0.005));
        var (lost, unanswered) = (0, 0);
        CommitFate Draw(Random random)
        {
            var fate = random.Next(8) switch
            {
                0 => CommitFate.IsLost,
                1 => CommitFate.LosesItsAnswer,
                _ => CommitFate.Passes,
            };
            Interlocked.Add(ref lost, fate == CommitFate.IsLost ? 1 : 0);
            Interlocked.Add(ref unanswered, fate == CommitFate.LosesItsAnswer ? 1 : 0);
            return fate;
        }

        var (here, there) = (new Random(Seed), new Random(Seed + 1));
        ofServer.AtCommits(() => Draw(here));
        ofWorker.AtCommits(() => Draw(there));
        var library = await AddAsync(server);
        await ReadyAsync(Files);
        // A scan makes a handful of commits one after the other, and begins anew when one of them is cut: it ends only now.
        ofServer.AtCommits(() => CommitFate.Passes);
        ofWorker.AtCommits(() => CommitFate.Passes);
        await UntilAsync($"SELECT COUNT(*) FROM job_runs WHERE name = 'scan:{library}' AND status = 'completed'", ended => ended == 1);

        output.WriteLine($"{lost} commits were lost, {unanswered} lost their answer");
        Assert.True(lost > 0 && unanswered > 0);
        await UntilAsync("SELECT COUNT(*) FROM assets WHERE claim_owner IS NOT NULL", held => held == 0);
        await AssertWholeAsync(Files);
        Assert.Equal(Files, await QueryAsync("SELECT COUNT(*) FROM outcomes"));
        Assert.Equal((1, 1), (await QueryAsync("SELECT COUNT(*) FROM libraries"), await QueryAsync("SELECT COUNT(*) FROM task_groups")));
        Assert.Equal(1, await QueryAsync($"SELECT COUNT(*) FROM job_runs WHERE name = 'scan:{library}'"));
        await server.FinishedAsync(library); // its board knows of it
        await worker.SignalAsync("TERM");
        Assert.Equal(0, await worker.EndAsync());
        Assert.Equal(0, await server.TerminateAsync());
    }

    /// <summary>As a person does who was told that the database was not available.</summary>
    private async Task<string> AddAsync(VitrineProcess server)
    {
        while (true)
        {
            var answer = await server.Http.PostAsync("/api/libraries", JsonContent.Create(new { path = Pictures.Folder }), Cancelled);
            if (answer.IsSuccessStatusCode)
                return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("library_id").GetString()!;
            await Contract.AssertProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
        }
    }
}
