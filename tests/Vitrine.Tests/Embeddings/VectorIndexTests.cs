using System.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Embeddings;
using Xunit;

namespace Vitrine.Tests.Embeddings;

public sealed class VectorIndexTests
{
    private const int Dimensions = 4;

    private readonly VectorIndex _index = new(new EmbeddingSpace("test", Dimensions));

    [Fact]
    public void Nearest_AfterAnyWrites_EqualsBruteForce() =>
        Prop.ForAll<(byte Id, byte Direction, bool Remove)[], byte>((writes, count) =>
        {
            var index = new VectorIndex(new EmbeddingSpace("test", Dimensions));
            var expected = new Dictionary<long, float[]>();
            foreach (var (id, direction, remove) in writes)
            {
                // Few directions, so that many similarities are equal and the order of ids shows.
                var vector = RandomVectors.Unit(new Random(direction % 8), Dimensions);
                Write(index, expected, id, remove ? null : vector);
            }

            return Agrees(index, expected, RandomVectors.Unit(new Random(count), Dimensions), count, null);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nearest_ManyChunksWrittenReplacedAndRemoved_EqualsBruteForce()
    {
        const int dimensions = 36;
        var index = new VectorIndex(new EmbeddingSpace("test", dimensions));
        var random = new Random(7);
        var expected = new Dictionary<long, float[]>();
        for (var round = 0; round < 9; round++)
        {
            var ids = Enumerable.Range(0, 3_000).Select(_ => random.NextInt64(9_000)).Distinct().ToArray();
            var vectors = ids.Select(_ => RandomVectors.Unit(random, dimensions)).ToArray();
            index.Set(ids, vectors.SelectMany(vector => vector).ToArray());
            for (var i = 0; i < ids.Length; i++)
                expected[ids[i]] = vectors[i];

            var gone = Enumerable.Range(0, round % 3 == 2 ? 8_000 : 1_000).Select(_ => random.NextInt64(9_000)).Distinct().ToArray();
            Assert.Equal(gone.Count(expected.Remove), index.Remove(gone));

            Assert.True(Agrees(index, expected, RandomVectors.Unit(random, dimensions), 50, null), $"Round {round}");
            Assert.True(Agrees(index, expected, RandomVectors.Unit(random, dimensions), 50, id => id % 7 == 0), $"Round {round}, filtered");
            Assert.True(Agrees(index, expected, RandomVectors.Unit(random, dimensions), 20_000, null), $"Round {round}, all");
        }
    }

    [Fact]
    public void Set_ReplacedOverAndOver_KeepsMemoryInProportion()
    {
        var ids = Enumerable.Range(0, 5_000).Select(id => (long)id).ToArray();
        var vectors = new float[ids.Length * Dimensions];
        Array.Fill(vectors, 0.5f);
        for (var round = 0; round < 20; round++)
            _index.Set(ids, vectors);

        // Removed rows never outnumber the living ones, but for the chunk that is being filled.
        Assert.InRange(_index.ReservedRows, ids.Length, (2 * ids.Length) + (2 * VectorChunk.Capacity));
        Assert.Equal(ids.Length, _index.Count);
    }

    [Fact]
    public void Set_IdTwiceInABatch_LastCounts()
    {
        _index.Set([1, 1], new float[] { 1, 0, 0, 0, 0, 1, 0, 0 });

        Assert.Equal([new Neighbour(1, 1)], _index.Nearest([0, 1, 0, 0], 10));
        Assert.Equal(1, _index.Count);
    }

    [Fact]
    public void Set_Halves_EqualsSetFloats()
    {
        var vector = RandomVectors.Unit(new Random(1), Dimensions);
        _index.Set(1, vector);
        _index.Set([2], vector.Select(component => (Half)component).ToArray());

        var nearest = _index.Nearest(vector, 2);

        Assert.Equal([1, 2], nearest.Select(neighbour => neighbour.AssetId));
        Assert.Equal(nearest[0].Similarity, nearest[1].Similarity);
    }

    [Fact]
    public void Remove_Unknown_IsFalse()
    {
        _index.Set(1, [1, 0, 0, 0]);

        Assert.False(_index.Remove(2));
        Assert.True(_index.Remove(1));
        Assert.False(_index.Remove(1));
        Assert.Empty(_index.Nearest([1, 0, 0, 0], 10));
    }

    [Fact]
    public void Nearest_EmptyIndexOrNoneWanted_IsEmpty()
    {
        Assert.Empty(_index.Nearest([1, 0, 0, 0], 10));
        _index.Set(1, [1, 0, 0, 0]);
        Assert.Empty(_index.Nearest([1, 0, 0, 0], 0));
    }

    [Fact]
    public void Set_WrongLengthOrNotANumber_ThrowsAndChangesNothing()
    {
        Assert.Throws<ArgumentException>(() => _index.Set(1, [1, 0, 0]));
        Assert.Throws<ArgumentException>(() => _index.Set([1, 2], new float[Dimensions]));
        Assert.Throws<ArgumentException>(() => _index.Set(1, [float.NaN, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => _index.Nearest([1, 0], 1));
        Assert.Throws<ArgumentException>(() => _index.Nearest([float.PositiveInfinity, 0, 0, 0], 1));
        Assert.Equal(0, _index.Count);
    }

    /// <summary>Every write turns all vectors at once; a query that saw part of a write would find vectors of two directions, or too few.</summary>
    [Fact]
    public async Task Nearest_DuringWrites_SeesEachWriteWholeOrNotAtAll()
    {
        var ids = Enumerable.Range(0, 5_000).Select(id => (long)id).ToArray();
        var turns = Enumerable.Range(0, 60)
            .Select(turn => Enumerable.Repeat(RandomVectors.Unit(new Random(turn), Dimensions), ids.Length).SelectMany(vector => vector).ToArray())
            .ToArray();
        _index.Set(ids, turns[0]);
        using var stop = new CancellationTokenSource();
        var queries = 0;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(
            () =>
            {
                do
                {
                    var all = _index.Nearest([1, 0, 0, 0], ids.Length + 1);
                    Assert.Equal(ids, all.Select(neighbour => neighbour.AssetId));
                    Assert.Equal(all[0].Similarity, all[^1].Similarity);
                    Interlocked.Increment(ref queries);
                }
                while (!stop.IsCancellationRequested);
            },
            CancellationToken.None)).ToArray();

        await Task.Run(
            () =>
            {
                foreach (var turn in turns)
                    _index.Set(ids, turn);
            },
            CancellationToken.None);
        await stop.CancelAsync();
        await Task.WhenAll(readers);

        Assert.True(queries >= readers.Length);
    }

    [Fact]
    public async Task Set_ManyWriters_KeepsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            () =>
            {
                for (var i = 0; i < 2_000; i++)
                    _index.Set((writer * 10_000) + i, [1, 0, 0, 0]);
            },
            CancellationToken.None)));

        Assert.Equal(8_000, _index.Nearest([1, 0, 0, 0], 10_000).Select(neighbour => neighbour.AssetId).Distinct().Count());
    }

    private static void Write(VectorIndex index, Dictionary<long, float[]> expected, long id, float[]? vector)
    {
        if (vector is null)
        {
            index.Remove(id);
            expected.Remove(id);
        }
        else
        {
            index.Set(id, vector);
            expected[id] = vector;
        }
    }

    private static bool Agrees(VectorIndex index, Dictionary<long, float[]> vectors, float[] query, int count, Func<long, bool>? filter)
    {
        var expected = vectors
            .Where(entry => filter?.Invoke(entry.Key) != false)
            .Select(entry => new Neighbour(entry.Key, Similarity(query, entry.Value)))
            .OrderByDescending(neighbour => neighbour.Similarity)
            .ThenBy(neighbour => neighbour.AssetId)
            .Take(count);
        return index.Count == vectors.Count && index.Nearest(query, count, filter).SequenceEqual(expected);
    }

    private static float Similarity(float[] query, float[] vector)
    {
        var rounded = vector.Select(component => (float)(Half)component).ToArray();
        return Math.Clamp(TensorPrimitives.Dot<float>(query, rounded), -1, 1);
    }
}
