using FsCheck;
using FsCheck.Fluent;
using Vitrine.Embeddings;
using Xunit;

namespace Vitrine.Tests.Embeddings;

public sealed class VectorEncodingTests
{
    [Fact]
    public void Encode_KnownValues_WritesHalvesLittleEndian()
    {
        // IEEE 754 binary16: 1 is 0x3C00, -2 is 0xC000, 0.5 is 0x3800.
        Assert.Equal([0x00, 0x3C, 0x00, 0xC0, 0x00, 0x38], VectorEncoding.Encode([1, -2, 0.5f]));
    }

    [Fact]
    public void Decode_WhatEncodeWrote_GivesEachComponentRoundedToHalf() =>
        Prop.ForAll<int[]>(components =>
        {
            var vector = components.Select(component => (component % 2048) / 2048f).ToArray();
            var decoded = new float[vector.Length];
            VectorEncoding.Decode(VectorEncoding.Encode(vector), decoded);
            return decoded.SequenceEqual(vector.Select(component => (float)(Half)component));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decode_ToHalves_GivesTheSameNumbers()
    {
        var encoded = VectorEncoding.Encode([0.25f, -0.1f, 0]);
        var halves = new Half[3];
        var floats = new float[3];

        VectorEncoding.Decode(encoded, halves);
        VectorEncoding.Decode(encoded, floats);

        Assert.Equal(floats, halves.Select(half => (float)half));
    }

    [Fact]
    public void Decode_UnitVector_IsOffByLittle()
    {
        var random = new Random(5);
        for (var i = 0; i < 100; i++)
        {
            var vector = RandomVectors.Unit(random, 160);
            var decoded = new float[vector.Length];
            VectorEncoding.Decode(VectorEncoding.Encode(vector), decoded);
            Assert.Equal(1, vector.Zip(decoded, (a, b) => a * b).Sum(), 0.0005f);
            Assert.All(vector.Zip(decoded), pair => Assert.Equal(pair.First, pair.Second, 0.00025f));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(0)]
    public void Decode_WrongLength_Throws(int bytes)
    {
        Assert.Throws<ArgumentException>(() => VectorEncoding.Decode(new byte[bytes], new float[3]));
        Assert.Throws<ArgumentException>(() => VectorEncoding.Decode(new byte[bytes], new Half[3]));
    }
}
