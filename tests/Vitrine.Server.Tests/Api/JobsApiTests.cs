using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Server.Tests.Api;

public sealed class JobsApiTests
{
    [Fact]
    public async Task Get_RunningJob_HasTheShapeOfTheContractWithItsRunsAndLines()
    {
        await using var server = await RunningServer.StartAsync();
        await (await HeldJob.StartAsync(server, "test:1")).EndAsync();
        var held = await HeldJob.StartAsync(server, "test:1");

        var facts = await server.GetAsync("/api/jobs/test:1");

        Assert.Equal(["job", "lines", "runs"], Contract.Names(facts));
        var job = facts.GetProperty("job");
        Assert.Equal(
            ["can_pause", "cancel_asked_at", "error", "finished_at", "fraction", "message", "name", "note", "paused", "result", "run_id", "stack", "started_at", "status"],
            Contract.Names(job));
        Assert.Equal(("test:1", "running", "no item yet", 0.25), (Text(job, "name"), Text(job, "status"), Text(job, "message"), job.GetProperty("fraction").GetDouble()));
        Assert.True(job.GetProperty("can_pause").GetBoolean());
        Assert.Equal(JsonValueKind.Null, job.GetProperty("finished_at").ValueKind);
        var runs = facts.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(["running", "completed"], runs.Select(run => Text(run, "status")));
        var line = Assert.Single(facts.GetProperty("lines").EnumerateArray());
        Assert.Equal(["at", "level", "text"], Contract.Names(line));
        Assert.Equal(("warning", "Item 1 is 'odd'"), (Text(line, "level"), Text(line, "text")));
        await held.EndAsync();
    }

    [Fact]
    public async Task Get_EarlierRun_IsFoundByItsIdAndAnUnknownOneIsNot()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await HeldJob.StartAsync(server, "test:1");
        first.Next();
        await first.EndAsync();
        await (await HeldJob.StartAsync(server, "test:1")).EndAsync();
        var runs = (await server.GetAsync("/api/jobs/test:1")).GetProperty("runs");
        var earlier = runs[1].GetProperty("run_id").GetInt64();

        var facts = await server.GetAsync($"/api/jobs/test:1?run={earlier}");

        Assert.Equal((earlier, "did 1 items"), (facts.GetProperty("job").GetProperty("run_id").GetInt64(), Text(facts.GetProperty("job"), "result")));
        Assert.Single(facts.GetProperty("lines").EnumerateArray());
        Assert.Equal("did 0 items", Text(runs[0], "result"));
        await server.GetAsync("/api/jobs/test:1?run=999", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pause_RunningJob_HoldsItUntilItIsResumed()
    {
        await using var server = await RunningServer.StartAsync();
        var held = await HeldJob.StartAsync(server, "test:1");

        Assert.True((await server.PostAsync("/api/jobs/test:1/pause")).GetProperty("paused").GetBoolean());
        held.Next();
        Assert.True((await server.GetAsync("/api/jobs/test:1")).GetProperty("job").GetProperty("paused").GetBoolean());
        Assert.Equal(0, held.Done);
        var resumed = await server.PostAsync("/api/jobs/test:1/resume");
        Assert.Equal((false, "running"), (resumed.GetProperty("paused").GetBoolean(), Text(resumed, "status")));
        await held.EndAsync();

        Assert.Equal(1, held.Done);
        Assert.Equal("completed", await StatusAsync(server));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_RunningJob_EndsItAlsoWhilePaused(bool paused)
    {
        await using var server = await RunningServer.StartAsync();
        var held = await HeldJob.StartAsync(server, "test:1");
        if (paused)
        {
            await server.PostAsync("/api/jobs/test:1/pause");
            held.Next();
        }

        var cancelled = await server.PostAsync("/api/jobs/test:1/cancel");
        await held.EndedAsync();

        Assert.NotEqual(JsonValueKind.Null, cancelled.GetProperty("cancel_asked_at").ValueKind);
        var job = (await server.GetAsync("/api/jobs/test:1")).GetProperty("job");
        Assert.Equal(("cancelled", false), (Text(job, "status"), job.GetProperty("paused").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, job.GetProperty("error").ValueKind);
        var all = (await server.GetAsync("/api/jobs")).GetProperty("items").EnumerateArray();
        Assert.Equal("cancelled", Text(all.Single(one => Text(one, "name") == "test:1"), "status"));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("cancel")]
    public async Task Change_JobThatHasEndedOrNeverRan_IsAProblem(string verb)
    {
        await using var server = await RunningServer.StartAsync();
        await (await HeldJob.StartAsync(server, "test:1")).EndAsync();

        var ended = await server.SendAsync(HttpMethod.Post, $"/api/jobs/test:1/{verb}");
        Assert.Contains("completed already", await Contract.AssertProblemAsync(ended, HttpStatusCode.Conflict), StringComparison.Ordinal);
        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Post, $"/api/jobs/none/{verb}"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pause_JobThatCannotBePaused_IsAProblemAndItGoesOn()
    {
        await using var server = await RunningServer.StartAsync();
        var held = await HeldJob.StartAsync(server, "test:1", JobTraits.None);

        var refused = await server.SendAsync(HttpMethod.Post, "/api/jobs/test:1/pause");

        Assert.Contains("cannot be paused", await Contract.AssertProblemAsync(refused, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.False((await server.GetAsync("/api/jobs/test:1")).GetProperty("job").GetProperty("can_pause").GetBoolean());
        await held.EndAsync();
        Assert.Equal("completed", await StatusAsync(server));
    }

    [Fact]
    public async Task Get_JobThatFailed_SaysWhyAndWhere()
    {
        await using var server = await RunningServer.StartAsync();
        var jobs = server.Server.Services.GetRequiredService<NamedJobs>();
        jobs.Submit("test:1", (_, _) => throw new InvalidDataException("the annotations end in the middle"));
        await jobs.WhenEnded("test:1");

        var facts = await server.GetAsync("/api/jobs/test:1");

        var job = facts.GetProperty("job");
        Assert.Equal(("failed", "the annotations end in the middle"), (Text(job, "status"), Text(job, "error")));
        Assert.Contains(nameof(Get_JobThatFailed_SaysWhyAndWhere), Text(job, "stack"), StringComparison.Ordinal);
        Assert.Equal("error", Text(facts.GetProperty("lines").EnumerateArray().Last(), "level"));
    }

    private static async Task<string?> StatusAsync(RunningServer server) => Text((await server.GetAsync("/api/jobs/test:1")).GetProperty("job"), "status");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
