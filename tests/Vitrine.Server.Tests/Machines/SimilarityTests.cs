using Npgsql;
using Vitrine.Embeddings;
using Vitrine.Server.Tests.Cli;
using Vitrine.Server.Tests.Faults;
using Vitrine.Storage;
using Vitrine.Tests.Indexing;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>What the program says about how it searches vectors, and what it answers.</summary>
public sealed class SimilarityTests : MachinesTest
{
    [Fact]
    public async Task Serve_DatabaseWithPgvector_SearchesThereAndSaysSo()
    {
        var connectionString = await SharedPglite.TakeAsync();
        try
        {
            using var empty = new TemporaryFolder("vitrine-empty-");
            await using var server = await VitrineProcess.StartSharedAsync(Data.Path, connectionString, "--no-work");
            var library = await server.AddAsync(empty.Path);
            await server.FinishedAsync(library); // a scan would remove what is in no folder
            await FillAsync(connectionString, long.Parse(library));

            var answer = await server.GetAsync("/api/assets/1002/similar?limit=2");
            while (answer.GetProperty("coverage").GetProperty("covered").GetInt32() < 4) // they may have come before the triggers, and are copied
                answer = await server.GetAsync("/api/assets/1002/similar?limit=2");

            Assert.Equal([1001, 1003], answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("asset").GetProperty("id").GetInt64()));
            Assert.Matches(@"^visual-descriptor-1, pgvector \S+ \(HNSW, cosine\) in the database$", await ReadyDetailAsync(server));
            Assert.Matches(@"^pgvector \S+ \(HNSW, cosine\)$", await DoctorDetailAsync(connectionString));
            Assert.Equal(0, await server.TerminateAsync());
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            SharedPglite.Return();
        }
    }

    [Fact]
    public async Task Serve_OwnPostgresServer_SaysWhetherItSearchesOrWhyNot()
    {
        await using var server = await VitrineProcess.StartSharedAsync(Data.Path, Connection, "--no-work");
        var (inUse, detail) = PostgresDatabase.Look(Connection).Vectors;

        var (ready, doctor) = inUse
            ? ($"visual-descriptor-1, {detail} in the database", detail)
            : ($"visual-descriptor-1, exact scan, 0 vectors in memory ({detail})", $"exact scan in the server: {detail}");
        Assert.Equal(ready, await ReadyDetailAsync(server));
        Assert.Equal(doctor, await DoctorDetailAsync(Connection));
        Assert.Equal(0, await server.TerminateAsync());
    }

    private static async Task<string> ReadyDetailAsync(VitrineProcess server)
    {
        var features = (await server.GetAsync("/api/ready")).GetProperty("features").EnumerateArray();
        return features.Single(feature => feature.GetProperty("name").GetString() == "similarity").GetProperty("detail").GetString()!;
    }

    private async Task<string> DoctorDetailAsync(string connectionString)
    {
        var result = await CliProgram.RunAsync([("VITRINE_DATABASE", connectionString)], "doctor", "--quick", "--json", "--data", Data.Path);
        var checks = result.Json.GetProperty("checks").EnumerateArray();
        return checks.Single(check => check.GetProperty("name").GetString() == "similarity").GetProperty("detail").GetString()!;
    }

    /// <summary>Four assets, each a little farther from the first, as if a worker had embedded them.</summary>
    private static async Task FillAsync(string connectionString, long library)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancelled);
        var space = new VisualDescriptor().Space;
        connection.Execute(
            "INSERT INTO embedding_spaces (name, dimensions) VALUES (@name, @dimensions)", ("@name", space.Name), ("@dimensions", (long)space.Dimensions));
        connection.Execute("INSERT INTO folders (library_id, path) VALUES (@library, '')", ("@library", library));
        for (var place = 1; place <= 4; place++)
        {
            var vector = new float[space.Dimensions];
            (vector[0], vector[1]) = (MathF.Cos(place * place * 0.1f), MathF.Sin(place * place * 0.1f));
            connection.Execute(
                """
                INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status)
                SELECT @id, @library, MIN(f.id), MIN(g.id), @name, 0, 1, 1, 1, 3 FROM folders f, task_groups g WHERE f.library_id = @library AND g.library_id = @library
                """,
                ("@id", 1000L + place), ("@library", library), ("@name", $"{place}.jpg"));
            connection.Execute(
                "INSERT INTO embeddings (space_id, asset_id, vector) SELECT id, @id, @vector FROM embedding_spaces",
                ("@id", 1000L + place), ("@vector", VectorEncoding.Encode(vector)));
        }
    }
}
