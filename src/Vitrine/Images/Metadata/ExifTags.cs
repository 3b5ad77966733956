using System.Collections.Frozen;
using System.Runtime.InteropServices;
using MetadataExtractor;
using MetadataExtractor.Formats.Tiff;
using MetadataExtractor.IO;

namespace Vitrine.Images.Metadata;

/// <summary>
/// The values of the wanted tags of a TIFF structure. Makernotes, thumbnails and everything else that no field needs are stepped over
/// unread, and the number of entries is limited, so that neither a large nor a malicious block costs time.
/// </summary>
internal sealed class ExifTags : ITiffHandler
{
    /// <summary>Added to the tag numbers of the GPS directory, which overlap with no other then.</summary>
    public const int Gps = 0x10000;

    private const int ExifPointer = 0x8769;
    private const int GpsPointer = 0x8825;
    private const int DirectoryType = 13;
    private const int XmpTag = 700;
    private const int IptcTag = 33723;
    private const int PhotoshopTag = 34377;
    private const int MaxEntries = 4_096;
    private const int MaxValueBytes = 64 << 10;

    private static readonly FrozenSet<int> s_wanted = new[]
    {
        0x010E, 0x010F, 0x0110, 0x013B, 0x4746, 0x4749, 0x8298, 0x829A, 0x829D, 0x8827, 0x8832, 0x8833, 0x9003, 0x9004, 0x9011, 0x9012,
        0x9201, 0x9202, 0x920A, 0x9286, 0x9291, 0x9292, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0xA432, 0xA433, 0xA434,
        Gps + 1, Gps + 2, Gps + 3, Gps + 4, Gps + 5, Gps + 6,
    }.ToFrozenSet();

    private readonly MetadataBlocks _blocks;
    private readonly Dictionary<int, byte[]> _bytes = [];
    private readonly Dictionary<int, double[]> _numbers = [];
    private readonly Stack<int> _directories = new([0]);
    private int _entries;
    private bool _photoshopRead;

    private ExifTags(MetadataBlocks blocks) => _blocks = blocks;

    public bool IsBigEndian { get; private set; }

    /// <summary>Reads as far as the block is sound.</summary>
    /// <param name="block">From the byte order mark.</param>
    /// <param name="blocks">Gets XMP and IPTC that are stored as tags, as TIFF and raw files have them.</param>
    public static ExifTags Read(ReadOnlyMemory<byte> block, MetadataBlocks blocks)
    {
        var tags = new ExifTags(blocks) { IsBigEndian = block.Span.StartsWith("MM"u8) };
        try
        {
            TiffReader.ProcessTiff(new MemoryReader(block), tags);
        }
        catch (Exception damage) when (damage is ImageProcessingException or MetadataException or IOException or ArithmeticException)
        {
            // What was read before the damage stands.
            return tags;
        }
        return tags;
    }

    public ReadOnlySpan<byte> Bytes(int tag) => _bytes.GetValueOrDefault(tag);

    /// <summary>Null where the tag is absent or empty.</summary>
    public string? Text(int tag) => MetadataText.DecodeTerminated(Bytes(tag));

    /// <summary>The first number of the tag; null where it is absent, NaN for a ratio over zero.</summary>
    public double? Number(int tag) => Numbers(tag) is [var first, ..] ? first : null;

    public ReadOnlySpan<double> Numbers(int tag) => _numbers.GetValueOrDefault(tag);

    bool ITiffHandler.TryEnterSubIfd(int tagType)
    {
        if (tagType is not (ExifPointer or GpsPointer) || _directories.Count != 1 || ++_entries > MaxEntries)
            return false;
        _directories.Push(tagType == GpsPointer ? Gps : 0);
        return true;
    }

    void ITiffHandler.EndingIfd() => _directories.TryPop(out _);

    /// <summary>True: nothing more to do for this tag.</summary>
    bool ITiffHandler.CustomProcessTag(int tagOffset, ICollection<int> processedIfdOffsets, IndexedReader reader, int tagId, int byteCount)
    {
        if (++_entries > MaxEntries)
            throw new TiffProcessingException("More entries than any writer makes.");
        if (_directories.Count == 1 && reader is MemoryReader memory)
        {
            if (tagId == XmpTag)
                _blocks.AddXmp(memory.Slice(tagOffset, byteCount));
            else if (tagId == IptcTag)
                _blocks.AddIptc(memory.Slice(tagOffset, byteCount));
            else if (tagId == PhotoshopTag && byteCount <= MetadataBlocks.MaxBytes && !_photoshopRead)
            {
                _photoshopRead = true;
                PhotoshopResources.Find(memory.Slice(tagOffset, byteCount), _blocks);
            }
        }
        var tag = Key(tagId);
        return byteCount > MaxValueBytes || !s_wanted.Contains(tag) || _bytes.ContainsKey(tag) || _numbers.ContainsKey(tag);
    }

    /// <summary>Type 13 is a pointer to a directory (TIFF Technical Note 1), which the reader does not know; it is a number of four bytes.</summary>
    bool ITiffHandler.TryCustomProcessFormat(int tagId, TiffDataFormatCode formatCode, uint componentCount, out long byteCount)
    {
        byteCount = (int)formatCode == DirectoryType ? 4L * componentCount : 0;
        return byteCount > 0;
    }

    // The directories behind the first are thumbnails and pages.
    bool ITiffHandler.HasFollowerIfd() => false;

    // Raw formats have markers of their own; the structure is the same.
    void ITiffHandler.SetTiffMarker(int marker)
    {
    }

    void ITiffHandler.Warn(string message) => _entries++;

    void ITiffHandler.Error(string message) => _entries++;

    void ITiffHandler.SetByteArray(int tagId, byte[] bytes) => _bytes[Key(tagId)] = bytes;

    void ITiffHandler.SetString(int tagId, StringValue stringValue) => _bytes[Key(tagId)] = stringValue.Bytes;

    void ITiffHandler.SetRational(int tagId, Rational rational) => Set(tagId, ToDouble(rational));

    void ITiffHandler.SetRationalArray(int tagId, Rational[] array) => Set(tagId, Array.ConvertAll(array, ToDouble));

    void ITiffHandler.SetFloat(int tagId, float float32) => Set(tagId, float32);

    void ITiffHandler.SetFloatArray(int tagId, float[] array) => Set(tagId, Array.ConvertAll(array, value => (double)value));

    void ITiffHandler.SetDouble(int tagId, double double64) => Set(tagId, double64);

    void ITiffHandler.SetDoubleArray(int tagId, double[] array) => Set(tagId, array);

    void ITiffHandler.SetInt8S(int tagId, sbyte int8S) => Set(tagId, int8S);

    void ITiffHandler.SetInt8SArray(int tagId, sbyte[] array) => _bytes[Key(tagId)] = MemoryMarshal.AsBytes(array.AsSpan()).ToArray();

    void ITiffHandler.SetInt8U(int tagId, byte int8U) => Set(tagId, int8U);

    void ITiffHandler.SetInt8UArray(int tagId, byte[] array) => _bytes[Key(tagId)] = array;

    void ITiffHandler.SetInt16S(int tagId, short int16S) => Set(tagId, int16S);

    void ITiffHandler.SetInt16SArray(int tagId, short[] array) => Set(tagId, Array.ConvertAll(array, value => (double)value));

    void ITiffHandler.SetInt16U(int tagId, ushort int16U) => Set(tagId, int16U);

    void ITiffHandler.SetInt16UArray(int tagId, ushort[] array) => Set(tagId, Array.ConvertAll(array, value => (double)value));

    void ITiffHandler.SetInt32S(int tagId, int int32S) => Set(tagId, int32S);

    void ITiffHandler.SetInt32SArray(int tagId, int[] array) => Set(tagId, Array.ConvertAll(array, value => (double)value));

    void ITiffHandler.SetInt32U(int tagId, uint int32U) => Set(tagId, int32U);

    void ITiffHandler.SetInt32UArray(int tagId, uint[] array) => Set(tagId, Array.ConvertAll(array, value => (double)value));

    private static double ToDouble(Rational rational) =>
        rational.Denominator == 0 ? double.NaN : (double)rational.Numerator / rational.Denominator;

    private void Set(int tagId, params double[] numbers) => _numbers[Key(tagId)] = numbers;

    private int Key(int tagId) => _directories.TryPeek(out var directory) ? directory + tagId : tagId;
}
