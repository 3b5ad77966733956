using System.Net;
using System.Text.Json;
using Vitrine.Tests.Images;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Server.Tests.Api;

public sealed class FailuresApiTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Reasons_SeveralKinds_AreCountedTheMostFrequentFirst()
    {
        await using var server = await RunningServer.StartAsync();
        var library = await ImportBrokenAsync(server);

        var reasons = await server.GetAsync($"/api/failures/reasons?library={library}");

        Assert.Equal(["items", "total"], Contract.Names(reasons));
        Assert.Equal(4, reasons.GetProperty("total").GetInt64());
        var items = reasons.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([3, 1], items.Select(item => item.GetProperty("count").GetInt64()));
        Assert.Equal(["class", "count", "example", "reason"], Contract.Names(items[0]));
        Assert.Equal([("not_a_picture", "The file is not a picture."), ("empty", "The file is empty.")], items.Select(item => (Text(item, "class"), Text(item, "reason"))));
        Assert.StartsWith("begins with the text", Text(items[0], "example"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, items[1].GetProperty("example").ValueKind);
        Assert.Equal(reasons.ToString(), (await server.GetAsync("/api/failures/reasons")).ToString()); // of all libraries: there is one
        await server.GetAsync("/api/failures/reasons?library=999", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Failures_OfOneReason_AreThoseOnly()
    {
        await using var server = await RunningServer.StartAsync();
        var library = await ImportBrokenAsync(server);
        var reasons = (await server.GetAsync($"/api/failures/reasons?library={library}")).GetProperty("items");
        var frequent = Text(reasons[0], "class");

        var page = await server.GetAsync($"/api/failures?library={library}&reason={Uri.EscapeDataString(frequent)}&limit=2");
        var bySentence = await server.GetAsync($"/api/failures?reason={Uri.EscapeDataString(Text(reasons[0], "reason"))}");
        var none = await server.GetAsync("/api/failures?reason=no%20such%20reason");

        Assert.Equal((3L, 2), (page.GetProperty("total").GetInt64(), page.GetProperty("items").GetArrayLength()));
        Assert.Equal(
            ["asset_id", "attempts", "class", "details", "failed_at", "library_id", "path", "reason", "stage"], Contract.Names(page.GetProperty("items")[0]));
        Assert.All(page.GetProperty("items").EnumerateArray(), item => Assert.Equal((frequent, Text(reasons[0], "reason")), (Text(item, "class"), Text(item, "reason"))));
        Assert.Equal(Text(reasons[0], "example"), Text(page.GetProperty("items")[0], "details"));
        Assert.Equal(3, bySentence.GetProperty("total").GetInt64());
        Assert.Equal(0, none.GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task RetryFailed_OfOneReason_LeavesTheOthersFailed()
    {
        await using var server = await RunningServer.StartAsync();
        var library = await ImportBrokenAsync(server);
        var reason = Text((await server.GetAsync("/api/failures/reasons")).GetProperty("items")[0], "class");
        foreach (var name in new[] { "a.jpg", "b.jpg", "c.jpg", "empty.jpg" })
            _pictures.Jpeg(name, 40, 30, seed: name[0]);

        var work = await server.PostAsync($"/api/libraries/{library}/retry-failed?reason={Uri.EscapeDataString(reason)}");
        await server.FinishedAsync(Text(work, "task_group_id"));

        Assert.Equal(["library_id", "retried", "task_group_id"], Contract.Names(work));
        Assert.Equal(3, work.GetProperty("retried").GetInt64());
        var left = (await server.GetAsync("/api/failures")).GetProperty("items").EnumerateArray();
        Assert.Equal(["empty.jpg"], left.Select(item => Text(item, "path")));
        Assert.Equal(0, (await server.PostAsync($"/api/libraries/{library}/retry-failed?reason=nothing")).GetProperty("retried").GetInt64());
    }

    [Fact]
    public async Task RetryFailed_WhileOneIsPutTogether_Is409AndThenGoesOn()
    {
        await using var server = await RunningServer.StartAsync();
        var library = await ImportBrokenAsync(server);
        var held = await HeldJob.StartAsync(server, FailureRetries.JobName(long.Parse(library)));

        var refused = await server.SendAsync(HttpMethod.Post, $"/api/libraries/{library}/retry-failed");

        Assert.Contains($"retry:{library}", await Contract.AssertProblemAsync(refused, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal(4, (await server.GetAsync("/api/failures")).GetProperty("total").GetInt64()); // none was touched
        await held.EndAsync();
        Assert.Equal(4, (await server.PostAsync($"/api/libraries/{library}/retry-failed")).GetProperty("retried").GetInt64());
    }

    /// <summary>Three that are no pictures, one that is empty, and a good one.</summary>
    private async Task<string> ImportBrokenAsync(RunningServer server)
    {
        _pictures.Jpeg("good.jpg", 40, 30);
        foreach (var name in new[] { "a.jpg", "b.jpg", "c.jpg" })
            _pictures.Text(name, $"this is no picture, but the text of {name}");
        _pictures.Text("empty.jpg", "");
        return await server.ImportAsync(_pictures.Folder);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
