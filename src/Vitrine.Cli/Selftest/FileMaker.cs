using System.Buffers.Binary;
using System.Text;
using Vitrine.Progress;

namespace Vitrine.Cli.Selftest;

/// <summary>Makes contents that no other file has, of the stock pictures, and broken ones. Deterministic by its seed.</summary>
internal sealed class FileMaker
{
    private readonly Random _random;
    private readonly List<(string Extension, byte[] Content)> _stock = [];
    private readonly byte[] _enormous;
    private int _made;

    /// <param name="stock">The folder that <see cref="StockPictures"/> filled.</param>
    /// <param name="random">Decides what is made.</param>
    public FileMaker(string stock, Random random)
    {
        _random = random;
        _enormous = File.ReadAllBytes(Path.Join(stock, StockPictures.Enormous));
        foreach (var file in Directory.GetFiles(stock, "stock-*").Where(file => !file.EndsWith(".xmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            _stock.Add((Path.GetExtension(file), File.ReadAllBytes(file)));
    }

    /// <summary>Mostly whole pictures of any format; some models, some broken files.</summary>
    public (string Extension, byte[] Content, Outcome Outcome) Any() => _random.Next(100) switch
    {
        < 5 => (".stl", Encoding.ASCII.GetBytes($"solid number{++_made}\nendsolid number{_made}\n"), Outcome.Ready),
        < 7 => (".jpg", Encoding.ASCII.GetBytes($"this is no picture, {++_made}"), Outcome.Failed(FailureClass.NotAPicture)),
        < 9 => (".png", [], Outcome.Failed(FailureClass.Empty)),
        < 11 => (".jpg", Truncated(), Outcome.Failed(FailureClass.CutOff, FailureClass.Damaged)),
        < 12 => (".png", Unique(".png", _enormous), Outcome.Failed(FailureClass.TooLarge)),
        _ => Picture(),
    };

    /// <summary>A whole picture.</summary>
    public (string Extension, byte[] Content, Outcome Outcome) Picture()
    {
        var (extension, content) = _stock[_random.Next(_stock.Count)];
        return (extension, Unique(extension, content), Outcome.Ready);
    }

    /// <summary>Another whole picture of the same format; null for formats that the stock has not.</summary>
    public byte[]? PictureOrNull(string extension)
    {
        var same = _stock.Where(stock => stock.Extension == extension).ToList();
        return same.Count == 0 ? null : Unique(extension, same[_random.Next(same.Count)].Content);
    }

    private byte[] Truncated()
    {
        var whole = PictureOrNull(".jpg")!;
        return whole[..(whole.Length / 3)];
    }

    /// <summary>
    /// The same picture with a number behind it: an XML comment, or a box named <c>free</c>, which ISO files may end with and which
    /// the other formats do not look at.
    /// </summary>
    private byte[] Unique(string extension, byte[] content)
    {
        var number = Encoding.ASCII.GetBytes($"number {++_made}");
        if (extension == ".svg")
            return [.. content, .. "<!--"u8, .. number, .. "-->"u8];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, number.Length + 8);
        return [.. content, .. length, .. "free"u8, .. number];
    }
}
