using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Images;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class IccProfileTests
{
    private static readonly double[] s_red = [0.4361, 0.2225, 0.0139], s_green = [0.3851, 0.7169, 0.0971], s_blue = [0.1431, 0.0606, 0.7141];
    private static readonly double[] s_p3Red = [0.5151, 0.2412, -0.0011], s_p3Green = [0.2920, 0.6922, 0.0419], s_p3Blue = [0.1571, 0.0666, 0.7841];

    [Fact]
    public void IsSRgb_NumbersOfSRgb_WhateverItsName()
    {
        Assert.True(IccProfile.IsSRgb(Profile("a name of its own", s_red, s_green, s_blue, Table(SRgb))));
        Assert.True(IccProfile.IsSRgb(Profile("", s_red, s_green, s_blue, Formula(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))));
    }

    [Fact]
    public void IsSRgb_OtherNumbers_WhateverTheirName()
    {
        Assert.False(IccProfile.IsSRgb(Profile("DCI-P3 D65 Gamut with sRGB Transfer", s_p3Red, s_p3Green, s_p3Blue, Table(SRgb))));
        Assert.False(IccProfile.IsSRgb(Profile("swapped sRGB", s_blue, s_green, s_red, Table(SRgb))));
        Assert.False(IccProfile.IsSRgb(Profile("GIMP built-in Linear sRGB", s_red, s_green, s_blue, Table(x => x))));
        Assert.False(IccProfile.IsSRgb(Profile("sRGB", s_red, s_green, s_blue, Formula(0, 2.2))));
        Assert.False(IccProfile.IsSRgb(Profile("sRGB", s_red, s_green, s_blue, Table(SRgb), space: "GRAY")));
        Assert.False(IccProfile.IsSRgb(Profile("sRGB with a table", s_red, s_green, s_blue, Table(SRgb), extra: "A2B0")));
    }

    [Fact]
    public void IsSRgb_AnyBytesAndAnyCut_NeverThrows()
    {
        var profile = Profile("sRGB", s_red, s_green, s_blue, Table(SRgb));
        for (var length = 0; length < profile.Length; length += 7)
            Assert.False(IccProfile.IsSRgb(profile.AsSpan(0, length)));
        Prop.ForAll<byte[], ushort>((bytes, at) =>
        {
            var spoilt = profile.ToArray();
            bytes.AsSpan(0, Math.Min(bytes.Length, 20)).CopyTo(spoilt.AsSpan(at % (profile.Length - 20)));
            IccProfile.IsSRgb(spoilt);
            IccProfile.IsSRgb(bytes);
            return true;
        }).QuickCheckThrowOnFailure();
    }

    private static double SRgb(double x) => x <= 0.04045 ? x / 12.92 : Math.Pow((x + 0.055) / 1.055, 2.4);

    private static byte[] Table(Func<double, double> curve) =>
        [.. "curv\0\0\0\0"u8, .. Number(1024), .. Enumerable.Range(0, 1024).SelectMany(i => Short((int)Math.Round(curve(i / 1023.0) * 65535)))];

    private static byte[] Formula(int kind, params double[] parameters) =>
        [.. "para\0\0\0\0"u8, .. Short(kind), 0, 0, .. parameters.SelectMany(Fixed)];

    private static byte[] Profile(string name, double[] red, double[] green, double[] blue, byte[] curve, string space = "RGB ", string extra = "cprt")
    {
        (string Name, byte[] Content)[] tags =
        [
            ("desc", [.. "desc\0\0\0\0"u8, .. Number(name.Length + 1), .. Encoding.ASCII.GetBytes(name), 0]), (extra, [.. "text\0\0\0\0"u8]),
            ("rXYZ", Primary(red)), ("gXYZ", Primary(green)), ("bXYZ", Primary(blue)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ];
        var header = new byte[128];
        Encoding.ASCII.GetBytes(space).CopyTo(header, 16);
        "XYZ "u8.CopyTo(header.AsSpan(20));
        List<byte> table = [.. Number(tags.Length)], content = [];
        foreach (var tag in tags)
        {
            table.AddRange([.. Encoding.ASCII.GetBytes(tag.Name), .. Number(132 + (12 * tags.Length) + content.Count), .. Number(tag.Content.Length)]);
            content.AddRange(tag.Content);
        }

        return [.. header, .. table, .. content];

        static byte[] Primary(double[] xyz) => [.. "XYZ \0\0\0\0"u8, .. xyz.SelectMany(Fixed)];
    }

    private static byte[] Fixed(double value) => Number((int)Math.Round(value * 65536));

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Short(int value) => [(byte)(value >> 8), (byte)value];
}
