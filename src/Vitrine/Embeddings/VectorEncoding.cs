using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Vitrine.Embeddings;

/// <summary>
/// How a vector is stored: one IEEE 754 half after another, little-endian, nothing else. A component of a unit vector is off by at most
/// 0.00025, a similarity by at most 0.0005.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public static class VectorEncoding
{
    /// <summary>Bytes of one stored vector.</summary>
    public static int Size(EmbeddingSpace space) => space.Dimensions * sizeof(short);

    /// <summary>Rounds each component to the nearest half.</summary>
    public static byte[] Encode(ReadOnlySpan<float> vector)
    {
        var halves = new Half[vector.Length];
        TensorPrimitives.ConvertToHalf(vector, halves);
        var bytes = new byte[vector.Length * sizeof(short)];
        for (var i = 0; i < halves.Length; i++)
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * sizeof(short)), halves[i]);
        return bytes;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit: the vector is of another space or damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> encoded, Span<float> vector)
    {
        RequireLength(encoded, vector.Length);
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(encoded[(i * sizeof(short))..]);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote, without widening: what <see cref="VectorIndex"/> takes when it is filled from the database.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit: the vector is of another space or damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> encoded, Span<Half> vector)
    {
        RequireLength(encoded, vector.Length);
        if (BitConverter.IsLittleEndian)
        {
            encoded.CopyTo(MemoryMarshal.AsBytes(vector));
            return;
        }

        for (var i = 0; i < vector.Length; i++)
            vector[i] = BinaryPrimitives.ReadHalfLittleEndian(encoded[(i * sizeof(short))..]);
    }

    private static void RequireLength(ReadOnlySpan<byte> encoded, int dimensions)
    {
        if (encoded.Length != dimensions * sizeof(short))
            throw new ArgumentException($"A vector of {dimensions} dimensions takes {dimensions * sizeof(short)} bytes, not {encoded.Length}.", nameof(encoded));
    }
}
