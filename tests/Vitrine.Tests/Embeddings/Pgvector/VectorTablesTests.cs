using Npgsql;
using Vitrine.Embeddings;
using Vitrine.Embeddings.Pgvector;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Postgres;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Embeddings.Pgvector;

/// <summary>How the tables that pgvector searches come to hold what <c>embeddings</c> holds.</summary>
[SharedServerTests]
public sealed class VectorTablesTests : StoreContract
{
    private static readonly EmbeddingSpace s_space = new("test", 8);

    private readonly Random _random = new(5);
    private long _lastAsset = 1000;

    private VectorTables Tables => new(Stores.Database);

    private EmbeddingStore Store => field ??= new EmbeddingStore(Stores.Database, s_space);

    private protected override IStoreSource NewSource() => new PgvectorStores();

    [Fact]
    public void Prepare_SeveralTimes_MakesTheTablesOnce()
    {
        Assert.False(Tables.AreComplete);
        for (var time = 0; time < 3; time++)
            Tables.Prepare();

        Assert.True(Tables.AreComplete);
        Assert.Null(Tables.NextOrNull());
        Assert.Equal(2, Scalar<long>("SELECT COUNT(*) FROM pg_trigger WHERE tgname = 'vectors_follow'"));
    }

    [Fact]
    public async Task Copy_VectorsWrittenBefore_AreThereAndIndexed()
    {
        var (first, second) = (await LibraryAsync("/first"), await LibraryAsync("/second"));
        await LibraryAsync("/empty");
        await WriteAsync(first, 1500);
        await WriteAsync(second, 20);
        Tables.Prepare();
        Assert.False(Tables.AreComplete);
        using (var search = Search())
            Assert.Equal([(first.Id, 0), (second.Id, 0)], search.Loading);

        await CopyAsync();

        Assert.True(Tables.AreComplete);
        AssertSame();
        Assert.Equal(2, Scalar<long>("SELECT COUNT(*) FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relname LIKE 'vectors%hnsw' AND indisvalid"));
        Assert.Empty(Search().Loading);
    }

    [Fact]
    public async Task Copy_InterruptedAndChangedInBetween_GoesOnWhereItStopped()
    {
        var library = await LibraryAsync("/photos");
        var ids = await WriteAsync(library, 2500);
        Tables.Prepare();
        var pending = await Tables.CopySliceAsync(Tables.NextOrNull()!, Token);
        Assert.Equal((ids[999], 1000), (pending!.CopiedTo, pending.Copied));

        // Of those that are copied and of those that are not: replaced, taken away, removed; and new ones.
        await WriteAsync(ids[5], ids[2005]);
        await DeleteAsync("embeddings WHERE asset_id", ids[6], ids[2006]);
        await DeleteAsync("assets WHERE id", ids[7], ids[2007]);
        await WriteAsync(library, 3);
        await RestartAsync(); // as another process would
        Assert.Equal(pending, Tables.NextOrNull());

        await CopyAsync();
        AssertSame();
        Assert.Equal(2499, Scalar<long>($"SELECT COUNT(*) FROM {pending.Table}"));
    }

    [Fact]
    public async Task Finish_IndexLeftByAnInterruptedBuild_IsBuiltAnew()
    {
        await WriteAsync(await LibraryAsync("/photos"), 10);
        Tables.Prepare();
        var pending = Tables.NextOrNull()!;
        await ExecuteAsync($"CREATE INDEX {pending.Table}_hnsw ON {pending.Table} USING hnsw (vector halfvec_cosine_ops)");
        await ExecuteAsync($"UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = '{pending.Table}_hnsw'::regclass");

        await CopyAsync();

        Assert.True(Scalar<bool>($"SELECT indisvalid FROM pg_index WHERE indexrelid = '{pending.Table}_hnsw'::regclass"));
        AssertSame();
    }

    [Fact]
    public async Task Write_RolledBack_IsNotFollowed()
    {
        var library = await LibraryAsync("/photos");
        var ids = await AddAssetsAsync(library, 1);
        Tables.Prepare();

        await Assert.ThrowsAsync<FormatException>(() => Stores.Database.WriteAsync(
            transaction =>
            {
                Store.Write(transaction, ids[0], Vector());
                throw new FormatException("a mistake of this work");
            },
            WriteUrgency.Urgent,
            Token));
        await WriteAsync(library, 1);

        AssertSame();
        Assert.Equal(1, Scalar<long>("SELECT COUNT(*) FROM embeddings"));
    }

    [Fact]
    public async Task ForgottenLibrary_SweptAndPreparedAgain_LeavesNothing()
    {
        var (kept, forgotten) = (await LibraryAsync("/kept"), await LibraryAsync("/forgotten"));
        Tables.Prepare();
        await WriteAsync(kept, 5);
        var ids = await WriteAsync(forgotten, 5);
        await Stores.Libraries.ForgetAsync(forgotten.Id, Token);
        Assert.False(Tables.AreComplete);
        Tables.Prepare();
        await WriteAsync(ids[..2]); // a worker ends what it had begun

        await Stores.Forgotten.SweepAsync(Token);

        Assert.True(Tables.AreComplete);
        Assert.Equal([kept.Id], Stores.Database.Read(connection => connection.Query("SELECT library_id FROM vector_tables", row => row.GetInt64(0))));
        Assert.Equal(1, Scalar<long>(@"SELECT COUNT(*) FROM pg_tables WHERE tablename LIKE 'vectors\_%'"));
        AssertSame();
    }

    [Fact]
    public async Task ExtensionDropped_NextStart_TakesTheTriggersAwayAndScansExactly()
    {
        var library = await LibraryAsync("/photos");
        Tables.Prepare();
        await WriteAsync(library, 5);
        VectorTables.TakeAwayIfUseless(Stores.Database);
        AssertSame(); // the extension is there: nothing happened
        await ExecuteAsync("DROP EXTENSION vector CASCADE");
        await Assert.ThrowsAsync<PostgresException>(() => WriteAsync(library, 1));

        VectorTables.TakeAwayIfUseless(Stores.Database);

        await WriteAsync(library, 1);
        Assert.Equal(0, Scalar<long>("SELECT COUNT(*) FROM pg_tables WHERE tablename LIKE 'vector%'"));
        await RestartAsync(); // which makes the extension again
        Tables.Prepare();
        await CopyAsync();
        AssertSame();
    }

    [Fact]
    public async Task PrepareVectors_TheJob_CopiesAndIsNotNeededAgain()
    {
        await WriteAsync(await LibraryAsync("/photos"), 30);
        var preparation = new VectorPreparation(Stores.Database, Stores.NamedJobs, TimeProvider.System);

        preparation.Submit();
        await Stores.NamedJobs.WhenEnded(VectorPreparation.JobName);
        preparation.Submit();

        var run = Assert.Single(Stores.NamedJobs.Runs(VectorPreparation.JobName));
        Assert.True(run.Status == JobStatus.Completed, run.Error);
        AssertSame();
    }

    [Fact]
    public void Halfvec_EveryFiniteHalf_IsDecodedExactly()
    {
        Tables.Prepare();
        foreach (var halves in Enumerable.Range(0, 65_536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(Half.IsFinite).Chunk(8_000))
        {
            var floats = Array.ConvertAll(halves, half => (float)half);
            Assert.Equal(floats, Stores.Database.Read(connection => connection.QueryFirstOrDefault(
                "SELECT vitrine_halfvec(@bytes)::vector::real[]", row => row.GetFieldValue<float[]>(0), ("@bytes", VectorEncoding.Encode(floats)))));
        }
    }

    [Fact]
    public async Task Nearest_ManyVectors_AreReadFromTheIndexInOrder()
    {
        await WriteAsync(await LibraryAsync("/photos"), 1500);
        Tables.Prepare();
        var table = Tables.NextOrNull()!.Table;
        await CopyAsync();
        var sql = PgvectorSearch.NearestSql(table, 24);
        var plan = Stores.Database.Read(connection => connection.Query(
            $"EXPLAIN {sql[(sql.IndexOf(';', StringComparison.Ordinal) + 1)..]}", row => row.GetString(0), ("@vector", Vector())));

        Assert.Contains(plan, line => line.Contains($"Index Scan using {table}_hnsw", StringComparison.Ordinal));
        Assert.Contains(plan, line => line.Contains("Incremental Sort", StringComparison.Ordinal)); // ids only among equals
    }

    [Theory]
    [InlineData("0.8.0", true, "pgvector 0.8.0 (HNSW, cosine)")]
    [InlineData("0.10.1", true, "pgvector 0.10.1 (HNSW, cosine)")]
    [InlineData("0.4.2", false, "pgvector 0.4.2 is too old: 0.8 or newer is used, after ALTER EXTENSION vector UPDATE")]
    public async Task Extension_OfSomeVersion_IsUsedFromTheOldestOnAndSaysWhy(string version, bool inUse, string detail)
    {
        await ExecuteAsync($"UPDATE pg_extension SET extversion = '{version}' WHERE extname = 'vector'");

        await RestartAsync();

        Assert.Equal(new VectorExtension(inUse, detail), ((PostgresDatabase)Stores.Database).Vectors);
    }

    /// <summary>What is searched is what <c>embeddings</c> holds, bit by bit, and nothing else.</summary>
    private void AssertSame()
    {
        Assert.Null(Tables.NextOrNull());
        var tables = Stores.Database.Read(connection => connection.Query(
            "SELECT space_id, library_id FROM vector_tables", row => VectorTables.Name(row.GetInt64(0), row.GetInt64(1))));
        var searched = tables.SelectMany(table => Stores.Database.Read(connection => connection.Query(
            $"SELECT asset_id, vector::vector::real[] FROM {table}", row => (row.GetInt64(0), VectorEncoding.Encode(row.GetFieldValue<float[]>(1))))));
        var kept = Stores.Database.Read(connection => connection.Query(
            "SELECT asset_id, vector FROM embeddings", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1))));
        Assert.Equal(Texts(kept), Texts(searched));

        static IEnumerable<string> Texts(IEnumerable<(long Id, byte[] Vector)> rows) => rows.OrderBy(row => row.Id).Select(row => $"{row.Id} {Convert.ToHexString(row.Vector)}");
    }

    private PgvectorSearch Search() => new(Stores.Database, s_space, "pgvector", Stores.Announcements, Time);

    private async Task CopyAsync()
    {
        while (Tables.NextOrNull() is { } pending)
        {
            for (PendingVectors? next = pending; next is not null; next = await Tables.CopySliceAsync(next, Token))
                pending = next;
            await Tables.FinishAsync(pending, Token);
        }
    }

    private async Task<Library> LibraryAsync(string path) => (await Stores.Libraries.AddAsync(path, null, includeHidden: false, Token)).Library;

    private async Task<long[]> WriteAsync(Library library, int count)
    {
        var ids = await AddAssetsAsync(library, count);
        await WriteAsync(ids);
        return ids;
    }

    private Task WriteAsync(params long[] ids) => Stores.Database.WriteAsync(
        transaction =>
        {
            foreach (var id in ids)
                Store.Write(transaction, id, Vector());
        },
        WriteUrgency.Urgent,
        Token);

    private async Task<long[]> AddAssetsAsync(Library library, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => ++_lastAsset).ToArray();
        await BareAssets.AddAsync(Stores.Database, library, ids, Token);
        return ids;
    }

    private Task DeleteAsync(string from, params long[] ids) => ExecuteAsync($"DELETE FROM {from} IN {SqlIds.In(ids)}");

    private Task ExecuteAsync(string sql) => Stores.Database.WriteAsync(transaction => transaction.Connection.Execute(sql), WriteUrgency.Urgent, Token);

    private float[] Vector() => RandomVectors.Unit(_random, s_space.Dimensions);
}
