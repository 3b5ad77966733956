using Vitrine.Caching;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Embeddings;

public sealed class SimilarAssetsTests : StoreContract
{
    private static readonly EmbeddingSpace s_space = new("test", 4);

    private readonly ManualResetEventSlim _inside = new();
    private readonly ManualResetEventSlim _go = new();

    [Fact]
    public async Task Find_ManyFirstQuestionsAtOnce_ShareOneLoad()
    {
        var (library, ids) = await FilledAsync();
        await using var database = new HeldDatabase(Stores.Database);
        using var search = Search(database);
        var similar = Similar(database, search);
        database.HoldNext(Held);
        var questions = Enumerable.Range(0, 6).Select(_ => similar.FindAsync(library.Id, ids[0], 5, Token)).ToList();
        _inside.Wait(Token);
        Assert.Equal([(library.Id, 0)], search.Loading);
        _go.Set();

        foreach (var (neighbours, compared) in await Task.WhenAll(questions))
        {
            Assert.Equal(ids[1..], neighbours.Select(neighbour => neighbour.AssetId));
            Assert.Equal(ids.Length, compared);
        }

        Assert.Equal(1 + questions.Count, database.Reads); // the vectors once, and each question its own
        Assert.Equal(($"similarity {library.Id}", 4L, 6L), (search.Statistics[0].Name, search.Statistics[0].Size, search.Statistics[0].Misses));
        Assert.Empty(search.Loading);
    }

    [Fact]
    public async Task Find_FirstLoadFails_SaysWhyAndTheNextQuestionTriesAgain()
    {
        var (library, ids) = await FilledAsync();
        await using var database = new HeldDatabase(Stores.Database);
        using var search = Search(database);
        var similar = Similar(database, search);
        database.HoldNext(_ => new DatabaseUnavailableException("the disk sleeps"));

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => similar.FindAsync(library.Id, ids[0], 5, Token));
        Assert.Equal([(library.Id, "the disk sleeps")], search.Failed);
        Assert.Equal(ids.Length, (await similar.FindAsync(library.Id, ids[0], 5, Token)).Compared);
        Assert.Empty(search.Failed);
    }

    [Fact]
    public async Task Find_LoadTakesLong_AnswersFromWhatIsThereAndSaysHowMuch()
    {
        var (library, ids) = await FilledAsync();
        await using var database = new HeldDatabase(Stores.Database);
        using var search = Search(database);
        var similar = Similar(database, search);
        database.HoldNext(Held);
        var question = similar.FindAsync(library.Id, ids[0], 5, Token);
        _inside.Wait(Token);
        Time.Advance(TimeSpan.FromSeconds(3));

        var (neighbours, compared) = await question;
        Assert.Equal((0, 0), (neighbours.Count, compared));
        _go.Set();
        Assert.Equal(ids.Length, (await similar.FindAsync(library.Id, ids[0], 5, Token)).Compared);
    }

    [Fact]
    public async Task Change_WhileTheVectorsAreRead_IsNotLost()
    {
        var (library, ids) = await FilledAsync();
        await using var database = new HeldDatabase(Stores.Database);
        using var search = Search(database);
        var similar = Similar(database, search);
        // The rows are read, and then, before they arrive, one asset goes and another gets its vector.
        database.HoldNext(read =>
        {
            read();
            return Held(() => { });
        });
        var question = similar.FindAsync(library.Id, ids[0], 5, Token);
        _inside.Wait(Token);
        Stores.Announcements.Announce(new Announcement.AssetsRemoved(library.Id, [ids[1]]));
        search.Add(library.Id, [99], Vector(0));
        _go.Set();

        Assert.Equal([99, ids[2], ids[3]], (await question).Neighbours.Select(neighbour => neighbour.AssetId));
        Stores.Announcements.Announce(new Announcement.LibraryForgotten(library.Id));
        Assert.Equal(0, search.Loaded);
    }

    private Exception? Held(Action read)
    {
        _inside.Set();
        _go.Wait(Token);
        read();
        return null;
    }

    private ExactVectorSearch Search(Database database) => new(new EmbeddingStore(database, s_space), Stores.Announcements, Time);

    private static SimilarAssets Similar(Database database, IVectorSearch search) => new(new EmbeddingStore(database, s_space), search);

    /// <summary>Four assets, each a little farther from the first.</summary>
    private async Task<(Library Library, long[] Ids)> FilledAsync()
    {
        var library = await AddLibraryAsync("/photos", "a.jpg", "b.jpg", "c.jpg", "d.jpg");
        var ids = Stores.Browse.Page(library.Id, AssetSort.Added, false, null, 0, 10).Ids;
        var store = new EmbeddingStore(Stores.Database, s_space);
        await Stores.Database.WriteAsync(
            transaction =>
            {
                for (var place = 0; place < ids.Length; place++)
                    store.Write(transaction, ids[place], Vector(place));
            },
            WriteUrgency.Urgent,
            Token);
        return (library, ids);
    }

    private static float[] Vector(int place) => [MathF.Cos(place * 0.3f), MathF.Sin(place * 0.3f), 0, 0];
}
