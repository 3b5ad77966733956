using Vitrine.Caching;
using Vitrine.Embeddings;
using Vitrine.Embeddings.Pgvector;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Tests.Embeddings;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>What a search for near vectors must keep, in memory or in the database.</summary>
public abstract class VectorSearchContract : StoreContract
{
    /// <summary>pgvector divides by the lengths, which halves do not keep exactly at 1.</summary>
    private const float Tolerance = 0.002f;

    private static readonly EmbeddingSpace s_space = new("test", 4);

    private long _lastAsset = 1000;

    /// <summary>Share of the true neighbours that must be found.</summary>
    private protected abstract double LeastRecall { get; }

    private protected abstract IVectorSearch Open(EmbeddingStore store);

    [Fact]
    public async Task Nearest_SeveralVectors_AreOrderedBySimilarityThenId()
    {
        using var search = Open(Store(s_space));
        var library = await AddLibraryAsync("/photos");
        var ids = await AddAsync(search, library, Direction(0.3), Direction(0.1), Direction(0.3), Direction(0), Direction(3), Direction(0.3));

        var (neighbours, compared) = await search.NearestAsync(library.Id, Direction(0), 10, Token);

        Assert.Equal([ids[3], ids[1], ids[0], ids[2], ids[5], ids[4]], Ids(neighbours));
        Assert.Equal(6, compared);
        double[] expected = [1, Math.Cos(0.1), Math.Cos(0.3), Math.Cos(0.3), Math.Cos(0.3), Math.Cos(3)];
        Assert.All(neighbours.Zip(expected), pair => Assert.Equal(pair.Second, pair.First.Similarity, Tolerance));
        Assert.Equal([ids[3], ids[1], ids[0], ids[2]], Ids((await search.NearestAsync(library.Id, Direction(0), 4, Token)).Neighbours)); // of equals the lower ids
    }

    [Fact]
    public async Task Nearest_SeveralLibraries_AreSearchedAlone()
    {
        using var search = Open(Store(s_space));
        var (mine, other) = (await AddLibraryAsync("/mine"), await AddLibraryAsync("/other"));
        var ids = await AddAsync(search, mine, Direction(1), Direction(2));
        await AddAsync(search, other, [.. Enumerable.Repeat(Direction(0), 300)]); // all nearer than what is asked for

        var (neighbours, compared) = await search.NearestAsync(mine.Id, Direction(0), 5, Token);

        Assert.Equal(ids, Ids(neighbours));
        Assert.Equal(2, compared);
        Assert.Equal(300, (await search.NearestAsync(other.Id, Direction(0), 5, Token)).Compared);
    }

    [Fact]
    public async Task Nearest_VectorsChangedBetweenQuestions_AnswersFromTheNewOnes()
    {
        var store = Store(s_space);
        using var search = Open(store);
        var library = await AddLibraryAsync("/photos");
        var ids = await AddAsync(search, library, Direction(0), Direction(1), Direction(2));
        Assert.Equal(ids, Ids((await search.NearestAsync(library.Id, Direction(0), 3, Token)).Neighbours));

        await WriteAsync(store, [ids[0]], [Direction(3)]);
        search.Add(library.Id, [ids[0]], Direction(3)); // as the stage that embeds does
        await WriteAsync(store, [ids[1]], [Direction(2.5)]);
        Stores.Announcements.Announce(new Announcement.VectorsChanged(library.Id, [ids[1]], AreLoaded: false)); // as another process does

        var (neighbours, compared) = await search.NearestAsync(library.Id, Direction(0), 3, Token);
        Assert.Equal([ids[2], ids[1], ids[0]], Ids(neighbours));
        Assert.Equal(3, compared);
    }

    [Fact]
    public async Task Nearest_AssetsRemoved_AreNotAnsweredNorCounted()
    {
        using var search = Open(Store(s_space));
        var library = await AddLibraryAsync("/photos");
        var ids = await AddAsync(search, library, [.. Enumerable.Range(0, 200).Select(place => Direction(place * 0.01))]);
        Assert.Equal(200, (await search.NearestAsync(library.Id, Direction(0), 1, Token)).Compared);

        var gone = ids[..150];
        await Stores.Database.WriteAsync(transaction => transaction.Connection.Execute($"DELETE FROM assets WHERE id IN {SqlIds.In(gone)}"), WriteUrgency.Urgent, Token);
        Stores.Announcements.Announce(new Announcement.AssetsRemoved(library.Id, gone));

        var (neighbours, compared) = await search.NearestAsync(library.Id, Direction(0), 20, Token);
        Assert.Equal(ids[150..170], Ids(neighbours));
        Assert.Equal(50, compared);
    }

    [Fact]
    public async Task Nearest_MoreThanThereAreOrNone_AnswersWhatThereIsAndItsNumber()
    {
        using var search = Open(Store(s_space));
        var (library, empty) = (await AddLibraryAsync("/photos"), await AddLibraryAsync("/empty"));
        await AddAsync(search, library, Direction(0), Direction(1));

        Assert.Equal(2, (await search.NearestAsync(library.Id, Direction(0), 5000, Token)).Neighbours.Count);
        var (none, compared) = await search.NearestAsync(library.Id, Direction(0), 0, Token);
        Assert.Equal((0, 2), (none.Count, compared));
        (none, compared) = await search.NearestAsync(empty.Id, Direction(0), 5, Token);
        Assert.Equal((0, 0), (none.Count, compared));
        (none, compared) = await search.NearestAsync(4711, Direction(0), 5, Token);
        Assert.Equal((0, 0), (none.Count, compared));
    }

    [Fact]
    public async Task Nearest_NotAVectorOfTheSpace_Throws()
    {
        using var search = Open(Store(s_space));
        var library = await AddLibraryAsync("/photos");
        await AddAsync(search, library, Direction(0));

        await Assert.ThrowsAsync<ArgumentException>(() => search.NearestAsync(library.Id, new float[3], 5, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => search.NearestAsync(library.Id, new[] { 1, 0, 0, float.NaN }, 5, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => search.NearestAsync(library.Id, new[] { float.PositiveInfinity, 0, 0, 0 }, 5, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => search.NearestAsync(library.Id, Direction(0), -1, Token));
    }

    [Fact]
    public async Task Nearest_AnotherSpaceOfTheSameAssets_IsNotMixedIn()
    {
        var (store, other) = (Store(s_space), Store(new EmbeddingSpace("other", 2)));
        using var search = Open(store);
        using var otherSearch = Open(other);
        var library = await AddLibraryAsync("/photos");
        var ids = await AddAsync(search, library, Direction(0), Direction(1));
        await WriteAsync(other, [ids[1]], [[0, 1]]);

        Assert.Equal(2, (await search.NearestAsync(library.Id, Direction(0), 5, Token)).Compared);
        Assert.Equal([ids[1]], Ids((await otherSearch.NearestAsync(library.Id, new float[] { 0, 1 }, 5, Token)).Neighbours));
    }

    [Fact]
    public async Task FindSimilar_AssetWithTwinsAndWithoutAVector_LeavesItselfOut()
    {
        var store = Store(s_space);
        using var search = Open(store);
        var similar = new SimilarAssets(store, search);
        var library = await AddLibraryAsync("/photos");
        var ids = await AddAsync(search, library, Direction(0), Direction(0), Direction(0), Direction(1));
        var plain = await AddAssetsAsync(library, 1);

        Assert.Equal([ids[0], ids[1]], Ids((await similar.FindAsync(library.Id, ids[2], 2, Token)).Neighbours));
        Assert.Equal([ids[0], ids[1], ids[3]], Ids((await similar.FindAsync(library.Id, ids[2], 9, Token)).Neighbours));
        var (none, compared) = await similar.FindAsync(library.Id, plain[0], 9, Token);
        Assert.Equal((0, 4), (none.Count, compared));
    }

    [Fact]
    public async Task Nearest_ThousandsInClusters_FindsTheTrueNeighbours()
    {
        const int dimensions = 24;
        const int wanted = 24;
        var space = new EmbeddingSpace("clusters", dimensions);
        using var search = Open(Store(space));
        var library = await AddLibraryAsync("/photos");
        var vectors = RandomVectors.Clustered(new Random(11), count: 2500, clusters: 60, dimensions);
        var exact = new VectorIndex(space);
        var ids = await AddAsync(search, library, vectors);
        exact.Set(ids, vectors.SelectMany(vector => vector).ToArray());

        var found = 0;
        var random = new Random(12);
        const int questions = 40;
        for (var question = 0; question < questions; question++)
        {
            var near = vectors[random.Next(vectors.Length)];
            var (neighbours, compared) = await search.NearestAsync(library.Id, near, wanted, Token);
            Assert.Equal((wanted, vectors.Length), (neighbours.Count, compared));
            Assert.Equal(neighbours.OrderByDescending(neighbour => neighbour.Similarity).ThenBy(neighbour => neighbour.AssetId), neighbours);
            found += Ids(neighbours).Intersect(Ids(exact.Nearest(near, wanted))).Count();
        }

        var recall = (double)found / (questions * wanted);
        TestContext.Current.TestOutputHelper?.WriteLine($"recall {recall:F4}");
        Assert.InRange(recall, LeastRecall, 1);
    }

    private protected EmbeddingStore Store(EmbeddingSpace space) => new(Stores.Database, space);

    private protected async Task<Library> AddLibraryAsync(string path) => (await Stores.Libraries.AddAsync(path, null, includeHidden: false, Token)).Library;

    /// <summary>Assets with these vectors, told as the stage that embeds does.</summary>
    private protected async Task<long[]> AddAsync(IVectorSearch search, Library library, params float[][] vectors)
    {
        var ids = await AddAssetsAsync(library, vectors.Length);
        await WriteAsync(Store(search.Space), ids, vectors);
        search.Add(library.Id, ids, vectors.SelectMany(vector => vector).ToArray());
        return ids;
    }

    private protected async Task<long[]> AddAssetsAsync(Library library, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => ++_lastAsset).ToArray();
        await BareAssets.AddAsync(Stores.Database, library, ids, Token);
        return ids;
    }

    private protected Task WriteAsync(EmbeddingStore store, long[] ids, float[][] vectors) => Stores.Database.WriteAsync(
        transaction =>
        {
            foreach (var (id, vector) in ids.Zip(vectors))
                store.Write(transaction, id, vector);
        },
        WriteUrgency.Urgent,
        Token);

    private protected static float[] Direction(double angle) => [(float)Math.Cos(angle), (float)Math.Sin(angle), 0, 0];

    private protected static long[] Ids(IEnumerable<Neighbour> neighbours) => [.. neighbours.Select(neighbour => neighbour.AssetId)];
}

public sealed class ExactSqliteVectorSearchTests : VectorSearchContract
{
    private protected override double LeastRecall => 1;

    private protected override IVectorSearch Open(EmbeddingStore store) => new ExactVectorSearch(store, Stores.Announcements, Time);
}

[SharedServerTests]
public sealed class ExactPostgresVectorSearchTests : VectorSearchContract
{
    private protected override double LeastRecall => 1;

    private protected override IStoreSource NewSource() => new PostgresStores();

    private protected override IVectorSearch Open(EmbeddingStore store) => new ExactVectorSearch(store, Stores.Announcements, Time);
}

[SharedServerTests]
public sealed class PgvectorSearchTests : VectorSearchContract
{
    private protected override double LeastRecall => 0.97;

    private protected override IStoreSource NewSource() => new PgvectorStores();

    private protected override IVectorSearch Open(EmbeddingStore store)
    {
        var extension = ((PostgresDatabase)Stores.Database).Vectors;
        Assert.True(extension.InUse, extension.Detail);
        new VectorTables(Stores.Database).Prepare();
        return new PgvectorSearch(Stores.Database, store.Space, extension.Detail, Stores.Announcements, Time);
    }
}
