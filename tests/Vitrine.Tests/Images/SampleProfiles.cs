using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Tests.Images;

/// <summary>Colour profiles of version 2 of three primaries and one curve, whole enough to be converted by. All have "sRGB" in their names.</summary>
internal static class SampleProfiles
{
    private static readonly double[] s_white = [0.9642, 1, 0.8249], s_red = [0.4361, 0.2225, 0.0139], s_green = [0.3851, 0.7169, 0.0971], s_blue = [0.1431, 0.0606, 0.7141];

    public static byte[] WideGamut() => Of("DCI-P3 D65 Gamut with sRGB Transfer", 2.2, [0.5151, 0.2412, -0.0011], [0.2920, 0.6922, 0.0419], [0.1571, 0.0666, 0.7841]);

    public static byte[] Linear() => Of("GIMP built-in Linear sRGB", null, s_red, s_green, s_blue);

    /// <summary>Red and blue are exchanged.</summary>
    public static byte[] Swapped() => Of("swapped sRGB", 2.2, s_blue, s_green, s_red);

    /// <summary>Its curves are none: libvips opens it and cannot convert by it.</summary>
    public static byte[] Broken()
    {
        var profile = WideGamut();
        for (var at = profile.AsSpan().IndexOf("curv"u8); at >= 0; at = profile.AsSpan().IndexOf("curv"u8))
            profile.AsSpan(at, 8).Fill(0xFF);
        return profile;
    }

    private static byte[] Of(string name, double? gamma, double[] red, double[] green, double[] blue)
    {
        byte[] curve = [.. "curv\0\0\0\0"u8, .. gamma is { } power ? (byte[])[0, 0, 0, 1, (byte)power, (byte)(power % 1 * 256), 0, 0] : [0, 0, 0, 0]];
        (string Name, byte[] Content)[] tags =
        [
            ("desc", [.. "desc\0\0\0\0"u8, .. Number(name.Length + 1), .. Encoding.ASCII.GetBytes(name), .. new byte[84 - (name.Length % 4)]]), ("cprt", [.. "text\0\0\0\0none\0\0\0\0"u8]),
            ("wtpt", Place(s_white)), ("rXYZ", Place(red)), ("gXYZ", Place(green)), ("bXYZ", Place(blue)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ];
        List<byte> table = [.. Number(tags.Length)], content = [];
        foreach (var tag in tags)
        {
            table.AddRange([.. Encoding.ASCII.GetBytes(tag.Name), .. Number(132 + (12 * tags.Length) + content.Count), .. Number(tag.Content.Length)]);
            content.AddRange(tag.Content);
        }

        var header = new byte[128];
        BinaryPrimitives.WriteInt32BigEndian(header, header.Length + table.Count + content.Count);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), 0x02100000);
        "mntrRGB XYZ "u8.CopyTo(header.AsSpan(12));
        (header[24], header[25], header[27], header[29]) = (0x07, 0xE8, 1, 1); // 2024-01-01
        "acsp"u8.CopyTo(header.AsSpan(36));
        s_white.SelectMany(Fixed).ToArray().CopyTo(header, 68);
        return [.. header, .. table, .. content];
    }

    private static byte[] Place(double[] xyz) => [.. "XYZ \0\0\0\0"u8, .. xyz.SelectMany(Fixed)];

    private static byte[] Fixed(double value) => Number((int)Math.Round(value * 65536));

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
