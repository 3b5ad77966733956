using Microsoft.Data.Sqlite;
using Vitrine.Images;
using Vitrine.Server.Tests.Cli;
using Vitrine.Storage;
using Vitrine.Tests.Images;
using Vitrine.Tests.Transfer;
using Xunit;

namespace Vitrine.Server.Tests.Migrate;

public sealed class MigrateToBucketTests : MigrateTest
{
    [Fact]
    public async Task Migrate_DerivedIsABucket_SendsWhatItLacksOnce()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 60);
        var names = await WriteThumbnailsAsync();
        using var store = new BucketServer();
        store.Objects["/bucket/pre/" + names[0]] = File.ReadAllBytes(Path.Join(Data, names[0])); // another machine was there

        var first = await RunAsync(store);
        var again = await RunAsync(store);

        Assert.True(first.ExitCode == 0, first.Errors);
        var derived = first.Json.GetProperty("derived");
        Assert.Equal(("s3://bucket/pre", names.Count - 1, 1), (derived.GetProperty("place").GetString(), derived.GetProperty("copied").GetInt32(), derived.GetProperty("present").GetInt32()));
        Assert.Equal(names.Select(name => "/bucket/pre/" + name).Order(StringComparer.Ordinal), store.Objects.Keys.Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Join(Data, name)), store.Objects["/bucket/pre/" + name]));
        Assert.Equal(names.Count - 1, store.Requests.Count(request => request.StartsWith("PUT ", StringComparison.Ordinal)));
        Assert.True(again.Json.GetProperty("nothing_left").GetBoolean());
    }

    [Fact]
    public async Task Migrate_BucketCannotBeReached_ExitsWith3BeforeRowsMove()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 60);
        await WriteThumbnailsAsync();
        var store = new BucketServer();
        store.Dispose();

        var result = await RunAsync(store);

        Assert.Equal((3, 3), (result.ExitCode, result.Json.GetProperty("exit_code").GetInt32()));
        Assert.Contains("s3://bucket/pre", result.Errors, StringComparison.Ordinal);
        Assert.Contains("goes on where this one stopped", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM transfers"));
    }

    /// <summary>Something else in each thumbnail, for every content that has one.</summary>
    private async Task<List<string>> WriteThumbnailsAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Join(Data, "vitrine.db")};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync(Cancelled);
        var names = connection.Query("SELECT DISTINCT sha256 FROM assets WHERE thumbnail AND sha256 IS NOT NULL", row => DerivedName.Thumbnail(row.GetFieldValue<byte[]>(0)).Key);
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(Data, name))!);
            await File.WriteAllTextAsync(Path.Join(Data, name), $"thumbnail {name}", Cancelled);
        }

        return names;
    }

    private Task<CliResult> RunAsync(BucketServer store) => CliProgram.RunAsync(
        [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "us-east-1")],
        "migrate", "--to", Connection, "--data", Data, "--derived", "s3://bucket/pre", "--derived-endpoint", store.Endpoint.ToString(), "--json");
}
