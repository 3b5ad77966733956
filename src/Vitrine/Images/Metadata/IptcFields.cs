using System.Text;

namespace Vitrine.Images.Metadata;

/// <summary>
/// Reads fields from IPTC-IIM datasets (IIM 4.2, record 2). Its own reader, because MetadataExtractor's copies the whole list for each
/// repeated dataset: a block full of keywords would take minutes.
/// </summary>
internal static class IptcFields
{
    private const int MaxDatasets = 4_096;

    public static SourceMetadata Read(ReadOnlyMemory<byte> block)
    {
        var datasets = Datasets(block, out var isUtf8);
        string? First(int dataset) => datasets.FirstOrDefault(entry => entry.Dataset == dataset).Value is { IsEmpty: false } value ? Text(value, isUtf8) : null;
        string? All(int dataset) => Joined(datasets.Where(entry => entry.Dataset == dataset).Select(entry => Text(entry.Value, isUtf8)));
        var fields = new PictureMetadata
        {
            Title = First(5) ?? First(105),
            Description = CameraNames.Description(First(120)),
            Keywords = PlausibleValues.Keywords(datasets.Where(entry => entry.Dataset == 25).Select(entry => Text(entry.Value, isUtf8))),
            Creator = All(80),
            Copyright = First(116),
        };
        return new(fields, Time(First(55), First(60)), Time(First(62), First(63)));
    }

    // dataset:  1C  record:u8  number:u8  length:u16 (top bit: the length has that many bytes instead)  value
    private static List<(int Dataset, ReadOnlyMemory<byte> Value)> Datasets(ReadOnlyMemory<byte> block, out bool isUtf8)
    {
        var datasets = new List<(int, ReadOnlyMemory<byte>)>();
        var cursor = new BlockCursor(block);
        isUtf8 = false;
        while (datasets.Count < MaxDatasets && cursor.Left >= 5)
        {
            if (cursor.U8() != 0x1C)
                continue;
            var (record, number) = (cursor.U8(), cursor.U8());
            long length = cursor.U16();
            if ((length & 0x8000) != 0)
                length = (length & 0x7FFF) == 4 ? cursor.U32() : -1;
            var value = cursor.Take(Math.Min(length, cursor.Left));
            if (cursor.Ended)
                break;
            if (record == 2)
                datasets.Add((number, value));
            else if (record == 1 && number == 90)
                isUtf8 = value.Span.SequenceEqual("\u001B%G"u8);
        }
        return datasets;
    }

    /// <summary>In the declared character set; without one, UTF-8 where it is valid, else Windows-1252.</summary>
    private static string? Text(ReadOnlyMemory<byte> value, bool isUtf8)
    {
        var end = value.Span.IndexOf((byte)0);
        var bytes = end < 0 ? value.Span : value.Span[..end];
        return MetadataText.Tidy(isUtf8 ? Encoding.UTF8.GetString(bytes) : MetadataText.Decode(bytes));
    }

    private static string? Joined(IEnumerable<string?> texts)
    {
        var joined = string.Join("; ", texts.OfType<string>().Distinct().Take(32));
        return joined.Length == 0 ? null : joined;
    }

    private static CaptureTime? Time(string? date, string? time) =>
        date is null ? null : CaptureTime.Parse(time is null ? date : $"{date} {time}");
}
