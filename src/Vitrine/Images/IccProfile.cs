using System.Buffers.Binary;

namespace Vitrine.Images;

/// <summary>
/// Tells sRGB from its numbers: profiles of wider gamuts have "sRGB" in their names too, and sRGB itself has many names.
/// <code>
/// header      128 bytes: at 16 the colour space, at 20 the connection space, 4 letters each
/// tags        u32 count, then each: 4 letters, u32 offset, u32 length
/// rXYZ …      "XYZ ", 4 zero bytes, 3 × s15.16: the primary, adapted to D50
/// rTRC …      "curv", 4 zero bytes, u32 count: 0 linear, 1 a gamma as u8.8, else so many u16 from 0 to 1; or
///             "para", 4 zero bytes, u16 kind, 2 zero bytes, then s15.16 g a b c d e f as far as the kind has them
/// </code>
/// Numbers are big-endian. Source: ICC.1:2022, 7.2, 10.6, 10.18, 10.31; the values of sRGB: IEC 61966-2-1, adapted by Bradford.
/// </summary>
internal static class IccProfile
{
    private const int HeaderLength = 128, TagLength = 12;

    /// <summary>A hundredth of the distance to the next usual primaries; rounding and other adaptations stay within.</summary>
    private const double PrimaryTolerance = 0.004;

    /// <summary>Of linear light: a gamma of 2.2 is off by more in the shadows, tables of sRGB by less.</summary>
    private const double CurveTolerance = 0.003;

    private static readonly double[] s_red = [0.4361, 0.2225, 0.0139], s_green = [0.3851, 0.7169, 0.0971], s_blue = [0.1431, 0.0606, 0.7141];

    /// <summary>True when converting from this profile to sRGB would change nothing that can be seen. False for what cannot be read.</summary>
    public static bool IsSRgb(ReadOnlySpan<byte> profile) =>
        profile.Length > HeaderLength + 4 && profile[16..20].SequenceEqual("RGB "u8) && profile[20..24].SequenceEqual("XYZ "u8)
        && Tag(profile, "A2B0"u8).IsEmpty // with a table, primaries are only for who cannot read it
        && IsNear(Tag(profile, "rXYZ"u8), s_red) && IsNear(Tag(profile, "gXYZ"u8), s_green) && IsNear(Tag(profile, "bXYZ"u8), s_blue)
        && IsSRgbCurve(Tag(profile, "rTRC"u8)) && IsSRgbCurve(Tag(profile, "gTRC"u8)) && IsSRgbCurve(Tag(profile, "bTRC"u8));

    private static ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> profile, ReadOnlySpan<byte> name)
    {
        var count = Math.Min(U32(profile[HeaderLength..]), 1000);
        for (var at = HeaderLength + 4; count > 0 && at + TagLength <= profile.Length; at += TagLength, count--)
        {
            var (offset, length) = (U32(profile[(at + 4)..]), U32(profile[(at + 8)..]));
            if (profile.Slice(at, 4).SequenceEqual(name))
                return offset + length <= profile.Length ? profile.Slice((int)offset, (int)length) : default;
        }

        return default;
    }

    private static bool IsNear(ReadOnlySpan<byte> tag, double[] primary)
    {
        if (tag.Length < 20 || !tag.StartsWith("XYZ "u8))
            return false;
        for (var i = 0; i < 3; i++)
        {
            if (Math.Abs(Fixed(tag, 8 + (4 * i)) - primary[i]) > PrimaryTolerance)
                return false;
        }

        return true;
    }

    private static bool IsSRgbCurve(ReadOnlySpan<byte> curve)
    {
        for (var step = 0; step <= 32; step++)
        {
            var encoded = step / 32.0;
            var linear = encoded <= 0.04045 ? encoded / 12.92 : Math.Pow((encoded + 0.055) / 1.055, 2.4);
            if (!(Math.Abs(Evaluate(curve, encoded) - linear) <= CurveTolerance)) // also when it is no number
                return false;
        }

        return true;
    }

    /// <returns>Not a number for a curve that cannot be read.</returns>
    private static double Evaluate(ReadOnlySpan<byte> curve, double x)
    {
        if (curve.Length < 12)
            return double.NaN;
        return curve.StartsWith("curv"u8) ? EvaluateTable(curve, x) : curve.StartsWith("para"u8) ? EvaluateFormula(curve, x) : double.NaN;
    }

    private static double EvaluateTable(ReadOnlySpan<byte> curve, double x)
    {
        var count = U32(curve[8..]);
        if (count == 0)
            return x;
        if (curve.Length < 12 + (2 * count))
            return double.NaN;
        if (count == 1)
            return Math.Pow(x, BinaryPrimitives.ReadUInt16BigEndian(curve[12..]) / 256.0);
        var place = x * (count - 1);
        var below = Math.Min((int)place, (int)count - 2);
        var (low, high) = (Entry(curve, below), Entry(curve, below + 1));
        return low + ((high - low) * (place - below));

        static double Entry(ReadOnlySpan<byte> curve, int index) => BinaryPrimitives.ReadUInt16BigEndian(curve[(12 + (2 * index))..]) / 65535.0;
    }

    private static double EvaluateFormula(ReadOnlySpan<byte> curve, double x)
    {
        var kind = BinaryPrimitives.ReadUInt16BigEndian(curve[8..]);
        int[] counts = [1, 3, 4, 5, 7];
        if (kind >= counts.Length || curve.Length < 12 + (4 * counts[kind]))
            return double.NaN;
        Span<double> p = stackalloc double[7];
        for (var i = 0; i < counts[kind]; i++)
            p[i] = Fixed(curve, 12 + (4 * i));
        var (g, a, b, c, d, e, f) = (p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
        return kind switch
        {
            0 => Math.Pow(x, g),
            1 => x >= -b / a ? Math.Pow((a * x) + b, g) : 0,
            2 => x >= -b / a ? Math.Pow((a * x) + b, g) + c : c,
            3 => x >= d ? Math.Pow((a * x) + b, g) : c * x,
            _ => x >= d ? Math.Pow((a * x) + b, g) + e : (c * x) + f,
        };
    }

    private static long U32(ReadOnlySpan<byte> bytes) => bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static double Fixed(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[at..]) / 65536.0;
}
