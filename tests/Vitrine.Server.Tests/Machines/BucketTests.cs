using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>A server that only serves and a worker, joined by PostgreSQL and a bucket: what the worker makes the server shows.</summary>
public sealed class BucketTests : MachinesTest
{
    static BucketTests()
    {
        // Where AWS tools look; the processes that are started inherit it.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "key");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "secret");
        Environment.SetEnvironmentVariable("AWS_REGION", "us-east-1");
    }

    [Fact]
    public async Task Thumbnail_MadeByAWorker_IsServedFromTheBucketByAServerThatCannotMakeIt()
    {
        using var bucket = new BucketServer();
        string[] derived = ["--derived", "s3://pictures/vitrine", "--derived-endpoint", bucket.Endpoint.ToString()];
        MakePictures(8);
        await using var server = await VitrineProcess.StartSharedAsync(Data.Path, Connection, ["--no-work", .. derived]);
        await server.AddAsync(Pictures.Folder);
        await using var worker = await WorkerProcess.StartAsync(Connection, arguments: derived);
        await ReadyAsync(8);
        foreach (var file in Directory.GetFiles(Pictures.Folder))
            File.Delete(file);

        var id = await QueryAsync("SELECT MIN(id) FROM assets");
        var thumbnail = await server.Http.GetByteArrayAsync($"/api/assets/{id}/thumbnail", Cancelled);
        var statistics = await server.GetAsync("/api/stats");

        Assert.Equal(8, bucket.Objects.Count);
        Assert.All(bucket.Objects.Keys, key => Assert.StartsWith("/pictures/vitrine/thumbnails/", key, StringComparison.Ordinal));
        Assert.Contains(bucket.Objects.Values, thumbnail.SequenceEqual);
        Assert.Equal("RIFF"u8, thumbnail.AsSpan(0, 4));
        Assert.True(statistics.GetProperty("database").GetProperty("bytes").GetInt64() > 1_000_000);
        await AssertWholeAsync(8);
    }
}
