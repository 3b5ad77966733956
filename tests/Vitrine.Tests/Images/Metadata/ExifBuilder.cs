using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Tests.Images.Metadata;

/// <summary>Builds a TIFF structure as cameras write it: IFD0 with pointers to the EXIF and GPS directories.</summary>
internal sealed class ExifBuilder(bool bigEndian = false)
{
    private readonly List<Entry> _main = [];
    private readonly List<Entry> _exif = [];
    private readonly List<Entry> _gps = [];

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text + "\0");

    public static byte[] Utf16(string text) => Encoding.Unicode.GetBytes(text + "\0");

    public ExifBuilder Text(int tag, string text) => Raw(tag, 2, Encoding.UTF8.GetBytes(text + "\0"));

    public ExifBuilder GpsText(int tag, string text) => Add(_gps, tag, 2, text.Length + 1, Encoding.ASCII.GetBytes(text + "\0"));

    public ExifBuilder Bytes(int tag, params byte[] bytes) => Raw(tag, 1, bytes);

    public ExifBuilder Raw(int tag, int type, byte[] bytes) => Add(In(tag), tag, type, bytes.Length, bytes);

    public ExifBuilder Short(int tag, ushort value) => Add(In(tag), tag, 3, 1, Number(2, value));

    public ExifBuilder Long(int tag, uint value) => Add(In(tag), tag, 4, 1, Number(4, value));

    public ExifBuilder Rational(int tag, params (uint, uint)[] ratios) => Add(In(tag), tag, 5, ratios.Length, Ratios(ratios));

    public ExifBuilder GpsRational(int tag, params (uint, uint)[] ratios) => Add(_gps, tag, 5, ratios.Length, Ratios(ratios));

    public ExifBuilder GpsByte(int tag, byte value) => Add(_gps, tag, 1, 1, [value]);

    public byte[] Build()
    {
        var main = new List<Entry>(_main);
        if (_exif.Count > 0)
            main.Add(new(0x8769, 4, 1, new byte[4]));
        if (_gps.Count > 0)
            main.Add(new(0x8825, 4, 1, new byte[4]));
        var exifAt = 8 + Size(main);
        var gpsAt = exifAt + (_exif.Count > 0 ? Size(_exif) : 0);
        main = main.ConvertAll(entry => entry.Tag switch
        {
            0x8769 => entry with { Value = Number(4, (uint)exifAt) },
            0x8825 => entry with { Value = Number(4, (uint)gpsAt) },
            _ => entry,
        });
        byte[] header = [.. bigEndian ? "MM"u8 : "II"u8, .. Number(2, 42), .. Number(4, 8)];
        byte[] file = [.. header, .. Directory(main, 8)];
        if (_exif.Count > 0)
            file = [.. file, .. Directory(_exif, exifAt)];
        return _gps.Count > 0 ? [.. file, .. Directory(_gps, gpsAt)] : file;
    }

    private byte[] Directory(List<Entry> entries, int at)
    {
        var values = at + 2 + (12 * entries.Count) + 4;
        var head = new List<byte>(Number(2, (uint)entries.Count));
        var tail = new List<byte>();
        foreach (var entry in entries.OrderBy(entry => entry.Tag))
        {
            head.AddRange([.. Number(2, (uint)entry.Tag), .. Number(2, (uint)entry.Type), .. Number(4, (uint)entry.Count)]);
            if (entry.Value.Length <= 4)
            {
                head.AddRange([.. entry.Value, .. new byte[4 - entry.Value.Length]]);
                continue;
            }
            head.AddRange(Number(4, (uint)(values + tail.Count)));
            tail.AddRange(entry.Value);
        }
        return [.. head, 0, 0, 0, 0, .. tail];
    }

    private static int Size(List<Entry> entries) => 2 + (12 * entries.Count) + 4 + entries.Sum(entry => entry.Value.Length > 4 ? entry.Value.Length : 0);

    private List<Entry> In(int tag) => tag is (>= 0x829A and < 0x9C00 and not 0x83BB and not 0x8649) or >= 0xA000 ? _exif : _main;

    private ExifBuilder Add(List<Entry> directory, int tag, int type, int count, byte[] value)
    {
        directory.Add(new(tag, type, count, value));
        return this;
    }

    private byte[] Ratios((uint, uint)[] ratios) => [.. ratios.SelectMany(ratio => (byte[])[.. Number(4, ratio.Item1), .. Number(4, ratio.Item2)])];

    private byte[] Number(int size, uint value)
    {
        var bytes = new byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bigEndian ? bytes[(4 - size)..] : bytes[..size];
    }

    private sealed record Entry(int Tag, int Type, int Count, byte[] Value);
}
