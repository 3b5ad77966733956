using System.Text.Json;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>What one process does is seen on the sockets of another.</summary>
public sealed class OneTruthTests : MachinesTest
{
    [Fact]
    public async Task Sockets_OfAServerThatDoesNotWork_FollowAWorkerToTheEnd()
    {
        MakePictures(20);
        await using var server = await VitrineServer.StartAsync(
            new VitrineOptions { DataFolder = Data.Path, Database = Connection, Work = new WorkOptions { Stages = WorkedStages.None } },
            new ServerOptions { Listen = "http://127.0.0.1:0" },
            Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        var added = await http.PostAsync("/api/libraries", System.Net.Http.Json.JsonContent.Create(new { path = Pictures.Folder }), Cancelled);
        var library = JsonDocument.Parse(await added.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("library_id").GetString();
        using var progress = await SocketClient.ConnectAsync(new Uri(server.Address), $"/ws/progress/{library}");

        await using var worker = await WorkerProcess.StartAsync(Connection);
        var snapshots = await progress.ReadToEndAsync(); // ends by itself after the last one
        var page = JsonDocument.Parse(await http.GetStringAsync($"/api/libraries/{library}/assets?limit=50", Cancelled)).RootElement;

        Assert.Equal(("complete", 20), (snapshots[^1].GetProperty("status").GetString(), snapshots[^1].GetProperty("ready").GetInt32()));
        Assert.All(page.GetProperty("items").EnumerateArray(), asset => Assert.Equal("ready", asset.GetProperty("status").GetString()));
        var versions = snapshots.ConvertAll(snapshot => snapshot.GetProperty("version").GetInt64());
        Assert.Equal(versions.Order(), versions);
    }
}
