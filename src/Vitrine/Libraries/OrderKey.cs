using System.Buffers.Binary;
using System.Data.Common;
using System.Text;

namespace Vitrine.Libraries;

/// <summary>
/// What assets are sorted by, as bytes that compare as the values do: a byte that says whether it is known, then a number with its
/// highest byte first, or text in UTF-8, which is how the databases compare text, too.
/// </summary>
internal static class OrderKey
{
    private const byte Known = 0, Unknown = 1;

    private static readonly byte[] s_unknown = [Unknown];

    public static bool IsKnown(ReadOnlySpan<byte> key) => key[0] == Known;

    /// <summary>The key of a row: id, value, and for a path its second part.</summary>
    public static byte[] Of(DbDataReader row, AssetSort sort, long seed) => sort switch
    {
        AssetSort.Added => OfNumber(row.GetInt64(0)),
        AssetSort.Random => OfShuffled(row.GetInt64(0), seed),
        AssetSort.Name => OfText(row.GetString(1), ""),
        AssetSort.Path => OfText(row.GetString(1) + "\0", row.GetString(2)), // the folder first: nothing in a path is less than NUL
        _ => row.IsDBNull(1) ? s_unknown : OfNumber(row.GetInt64(1)),
    };

    /// <summary>
    /// Two different ids never get the same key: the mixing of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
    /// Generators, 2014) can be undone.
    /// </summary>
    public static byte[] OfShuffled(long id, long seed) => OfUnsigned(Mix((ulong)id ^ Mix((ulong)seed)));

    public static byte[] OfNumber(long value) => OfUnsigned((ulong)value ^ (1UL << 63)); // negative before positive

    public static byte[] OfText(string first, string second)
    {
        var key = new byte[1 + Encoding.UTF8.GetByteCount(first) + Encoding.UTF8.GetByteCount(second)];
        var length = Encoding.UTF8.GetBytes(first, key.AsSpan(1));
        Encoding.UTF8.GetBytes(second, key.AsSpan(1 + length));
        return key;
    }

    private static byte[] OfUnsigned(ulong value)
    {
        var key = new byte[9];
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), value);
        return key;
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
