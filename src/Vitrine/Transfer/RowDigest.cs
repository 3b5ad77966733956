using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace Vitrine.Transfer;

/// <summary>
/// A content hash of a set of rows that does not depend on their order: the SHA-256 of each row, summed modulo 2^256 in two halves. It
/// needs no sorting and no memory, and the same row twice is not the same as none.
/// </summary>
/// <remarks>
/// A row is its values one after the other, each a byte for what it is (0 null, 1 number, 2 real, 3 text, 4 bytes) and eight bytes of
/// number or length, little-endian, then the text as UTF-8 or the bytes: so no two different rows are written alike.
/// </remarks>
internal sealed class RowDigest(IReadOnlyList<TransferColumn> columns)
{
    private byte[] _row = new byte[1024];
    private int _length;
    private UInt128 _high;
    private UInt128 _low;

    public long Rows { get; private set; }

    /// <summary>64 hex digits; the same for the same rows.</summary>
    public string Hash => $"{_high:x32}{_low:x32}";

    public void Add(DbDataReader row)
    {
        var hash = HashOf(row);
        _high += BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low += BinaryPrimitives.ReadUInt128BigEndian(hash.AsSpan(16));
        Rows++;
    }

    /// <summary>SHA-256 of one row.</summary>
    public byte[] HashOf(DbDataReader row)
    {
        _length = 0;
        for (var place = 0; place < columns.Count; place++)
            Append(row, place, columns[place].Kind);
        return SHA256.HashData(_row.AsSpan(0, _length));
    }

    private void Append(DbDataReader row, int place, ColumnKind kind)
    {
        if (row.IsDBNull(place))
        {
            Head(0, 0, 0);
            return;
        }

        switch (kind)
        {
            case ColumnKind.Number:
                Head(1, row.GetInt64(place), 0);
                break;
            case ColumnKind.Flag:
                Head(1, row.GetBoolean(place) ? 1 : 0, 0);
                break;
            case ColumnKind.Real:
                Head(2, BitConverter.DoubleToInt64Bits(row.GetDouble(place)), 0);
                break;
            case ColumnKind.Text:
                var text = TransferValue.Clean(row.GetString(place));
                var size = Encoding.UTF8.GetByteCount(text);
                Encoding.UTF8.GetBytes(text, Head(3, size, size));
                break;
            case ColumnKind.Bytes:
                var bytes = row.GetFieldValue<byte[]>(place);
                bytes.CopyTo(Head(4, bytes.Length, bytes.Length));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Ids differ between databases.");
        }
    }

    /// <summary>Writes what a value is, and gives room for what follows.</summary>
    private Span<byte> Head(byte what, long value, int follows)
    {
        const int HeadSize = 9;
        var end = _length + HeadSize + follows;
        if (end > _row.Length)
            Array.Resize(ref _row, end * 2);
        _row[_length] = what;
        BinaryPrimitives.WriteInt64LittleEndian(_row.AsSpan(_length + 1), value);
        var room = _row.AsSpan(_length + HeadSize, follows);
        _length = end;
        return room;
    }
}
