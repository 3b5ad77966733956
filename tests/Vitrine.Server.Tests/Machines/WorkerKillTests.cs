using System.Buffers.Binary;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>kill -9, twenty times at random, at workers in the middle of their batches.</summary>
public sealed class WorkerKillTests(ITestOutputHelper output) : MachinesTest
{
    private const int Files = 200;
    private const int Kills = 20;

    [Fact]
    public async Task Kill_TwentyTimesAtRandom_EachFileHasOneRowOneOutcomeAndAWholeThumbnail()
    {
        const int Seed = 20261120;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        using var derived = new TemporaryFolder("vitrine-derived-");
        for (var i = 0; i < Files; i++)
            Pictures.Jpeg($"{i}.jpg", 60, 40, seed: i);
        await TakeInAsync(Files);
        await QueryAsync(Outcomes.Watch);
        await QueryAsync(Outcomes.Slow(seconds: 0.01));
        Task<WorkerProcess> StartAsync() => WorkerProcess.StartAsync(Connection, lease: "3s", arguments: ["--derived", derived.Path]);

        var midBatch = 0;
        var current = await StartAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            var next = StartAsync(); // overlaps the kill, and takes up what is left
            // Past its first claims now and then: what is begun twenty times and never finished is given up.
            var more = await QueryAsync("SELECT SUM(claims) FROM assets") + random.Next(1, 40);
            await UntilAsync("SELECT SUM(claims) + COUNT(*) FILTER (WHERE status = 3) * 1000000 FROM assets", seen => seen % 1000000 >= more || seen / 1000000 == Files);
            midBatch += await QueryAsync($"SELECT COUNT(*) FROM assets WHERE claim_owner = {current.Id}") > 0 ? 1 : 0;
            await current.KillAsync();
            await current.DisposeAsync();
            current = await next;
        }

        await QueryAsync(Outcomes.Fast);
        await ReadyAsync(Files);
        await UntilAsync("SELECT COUNT(*) FROM workers", known => known == 1); // it took the killed ones off the list, also who held nothing
        await current.SignalAsync("TERM");
        Assert.Equal(0, await current.EndAsync());
        await current.DisposeAsync();

        output.WriteLine($"{midBatch} of {Kills} held claims when they were killed, {await QueryAsync("SELECT SUM(claims) FROM assets")} claims in all");
        Assert.InRange(midBatch, 1, Kills);
        await AssertWholeAsync(Files);
        Assert.Equal(Files, await QueryAsync("SELECT COUNT(*) FROM outcomes"));
        Assert.Equal(Files, await QueryAsync("SELECT COUNT(DISTINCT asset_id) FROM outcomes"));
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM workers"));
        AssertThumbnailsAreWhole(derived.Path);
    }

    /// <summary>A WebP says in its head how long it is.</summary>
    private static void AssertThumbnailsAreWhole(string derived)
    {
        var thumbnails = Directory.GetFiles(Path.Join(derived, "thumbnails"), "*.webp", SearchOption.AllDirectories);
        Assert.Equal(Files, thumbnails.Length);
        Assert.All(thumbnails, file =>
        {
            var bytes = File.ReadAllBytes(file);
            Assert.True(bytes.AsSpan().StartsWith("RIFF"u8), file);
            Assert.Equal(bytes.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)));
        });
    }
}
