using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Vitrine.Embeddings;
using Xunit;

namespace Vitrine.Tests.Embeddings;

public sealed class VisualDescriptorTests
{
    private readonly VisualDescriptor _descriptor = new();

    [Fact]
    public void Embed_AnyPicture_HasUnitLength()
    {
        foreach (var picture in new[] { SyntheticPictures.Scene(1), Plain(0), Plain(255), Plain(128), Checkers() })
            Assert.Equal(1, TensorPrimitives.Norm(Embed(picture)), 1e-5f);
    }

    [Fact]
    public void Embed_InABatch_GivesTheSameAsAlone()
    {
        byte[][] pictures = [SyntheticPictures.Scene(1), Plain(0), SyntheticPictures.Scene(2), Checkers(), SyntheticPictures.Scene(1)];
        var dimensions = _descriptor.Space.Dimensions;
        var together = new float[pictures.Length * dimensions];

        _descriptor.Embed(pictures.SelectMany(picture => picture).ToArray(), pictures.Length, together);

        for (var i = 0; i < pictures.Length; i++)
            Assert.Equal(Embed(pictures[i]), together[(i * dimensions)..((i + 1) * dimensions)]);
    }

    [Fact]
    public void Embed_ManyThreads_GivesTheSameToEach()
    {
        var expected = Enumerable.Range(0, 16).Select(seed => Embed(SyntheticPictures.Scene(seed))).ToArray();
        Parallel.For(0, 64, i => Assert.Equal(expected[i % 16], Embed(SyntheticPictures.Scene(i % 16))));
    }

    /// <summary>Holds on every machine; when it fails because the descriptor was changed, give the space a new version as well.</summary>
    [Fact]
    public void Embed_FixedPictures_GivesTheRecordedBits()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (uint seed = 0; seed < 20; seed++)
        {
            var vector = Embed(SyntheticPictures.Exact(seed));
            if (!BitConverter.IsLittleEndian)
                MemoryMarshal.AsBytes(vector.AsSpan()).Reverse();
            hash.AppendData(MemoryMarshal.AsBytes(vector.AsSpan()));
        }

        Assert.Equal("visual-descriptor-1", _descriptor.Space.Name);
        Assert.Equal(160, _descriptor.Space.Dimensions);
        Assert.Equal("945df2c09ef8b03ebda1aed5ecc810f7", Convert.ToHexStringLower(hash.GetHashAndReset())[..32]);
    }

    [Theory]
    [InlineData(1.1, 0)]
    [InlineData(0.9, 0)]
    [InlineData(1, 0.01)]
    public void Embed_NearDuplicate_IsAbove095(double brightness, double margin)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var similarity = Similarity(SyntheticPictures.Scene(seed), SyntheticPictures.Scene(seed, brightness, margin));
            Assert.True(similarity > 0.95, $"Scene {seed}: {similarity}");
        }
    }

    [Fact]
    public void Embed_DifferentScenes_AreFarApart()
    {
        var vectors = Enumerable.Range(0, 40).Select(seed => Embed(SyntheticPictures.Scene(seed))).ToArray();
        var similarities = vectors
            .SelectMany((vector, i) => vectors.Skip(i + 1).Select(other => TensorPrimitives.Dot(vector.AsSpan(), other.AsSpan())))
            .Order()
            .ToArray();

        Assert.True(similarities[^1] < 0.95, $"The nearest strangers: {similarities[^1]}");
        Assert.True(similarities[similarities.Length / 2] < 0.5, $"The median stranger: {similarities[similarities.Length / 2]}");
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void Embed_WrongLength_Throws(int morePixels, int moreFloats)
    {
        Assert.Throws<ArgumentException>(
            () => _descriptor.Embed(new byte[SyntheticPictures.Bytes + morePixels], 1, new float[_descriptor.Space.Dimensions + moreFloats]));
    }

    [Fact]
    public void Embed_NoPictures_DoesNothing() => _descriptor.Embed([], 0, []);

    private float[] Embed(byte[] picture)
    {
        var vector = new float[_descriptor.Space.Dimensions];
        _descriptor.Embed(picture, 1, vector);
        return vector;
    }

    private float Similarity(byte[] a, byte[] b) => TensorPrimitives.Dot(Embed(a).AsSpan(), Embed(b).AsSpan());

    private static byte[] Plain(byte level) => Enumerable.Repeat(level, SyntheticPictures.Bytes).ToArray();

    private static byte[] Checkers() =>
        Enumerable.Range(0, SyntheticPictures.Bytes).Select(at => (byte)((at / 3 % 64 + at / 3 / 64) % 2 * 255)).ToArray();
}
