using Vitrine.Embeddings;
using Vitrine.Embeddings.Pgvector;
using Vitrine.Indexing;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Postgres;
using Vitrine.Transfer;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Transfer;

/// <summary>Vectors that came before their library, on a PostgreSQL with pgvector. That one cannot <c>COPY</c>: the rows come as a move brings them, in its order.</summary>
[SharedServerTests]
public sealed class ArrivedVectorsTests : StoreContract
{
    private static readonly EmbeddingSpace s_space = new("test", 8);

    private protected override IStoreSource NewSource() => new PgvectorStores();

    [Fact]
    public async Task Announce_LibraryThatArrived_IsCopiedToWhereItIsSearched()
    {
        var tables = new VectorTables(Stores.Database);
        tables.Prepare(); // a server has been there
        var library = await ArriveAsync();
        Assert.False(tables.AreComplete);
        Assert.Equal(JobStatus.Queued, Stores.Jobs.FindOrNull(VectorPreparation.JobName)!.Status);

        while (tables.NextOrNull() is { } pending)
        {
            for (PendingVectors? next = pending; next is not null; next = await tables.CopySliceAsync(next, Token))
                pending = next;
            await tables.FinishAsync(pending, Token);
        }

        Assert.True(tables.AreComplete);
        Assert.Equal(5, Stores.Database.Read(connection => connection.QueryNumber(
            $"SELECT COUNT(*) FROM {VectorTables.Name(1, library)} v JOIN embeddings e ON e.asset_id = v.asset_id WHERE v.vector = vitrine_halfvec(e.vector)")));
    }

    [Fact]
    public async Task Announce_NoServerHasBeenThere_LeavesItToTheFirst()
    {
        var library = await ArriveAsync();
        Assert.Null(Stores.Jobs.FindOrNull(VectorPreparation.JobName));

        var tables = new VectorTables(Stores.Database);
        tables.Prepare();

        Assert.Equal(library, tables.NextOrNull()!.LibraryId);
    }

    private async Task<long> ArriveAsync()
    {
        var space = new EmbeddingStore(Stores.Database, s_space);
        var library = await Stores.Database.WriteAsync(
            transaction => transaction.Connection.QueryNumber("INSERT INTO progress_scopes DEFAULT VALUES RETURNING id"), WriteUrgency.Urgent, Token);
        await Stores.Database.WriteAsync(
            transaction =>
            {
                for (var id = 1; id <= 5; id++)
                {
                    transaction.Connection.Execute(
                        $"""
                        INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status)
                        VALUES ({id}, {library}, 1, 1, '{id}.jpg', 0, 1, 1, 1, 3)
                        """);
                    space.Write(transaction, id, [0.5f, -0.5f, 0.5f, -0.5f, 0, 0, 0, id / 16f]);
                }
            },
            WriteUrgency.Urgent,
            Token);
        await Stores.Database.WriteAsync(
            transaction =>
            {
                transaction.Connection.Execute($"INSERT INTO libraries (id, name, path, include_hidden, created_at) VALUES ({library}, 'arrived', '/arrived', FALSE, 1)");
                ArrivedVectors.Announce(transaction.Connection, library, Time.GetUtcNow());
            },
            WriteUrgency.Urgent,
            Token);
        return library;
    }
}
