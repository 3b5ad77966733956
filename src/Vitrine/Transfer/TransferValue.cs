using System.Data.Common;

namespace Vitrine.Transfer;

/// <summary>Single values as they are read on either side.</summary>
internal static class TransferValue
{
    /// <summary>Text as PostgreSQL can hold it.</summary>
    public static string Clean(string text) => text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text;

    /// <summary>A plain value as a parameter of PostgreSQL; for the few rows that are not copied.</summary>
    public static object? Read(DbDataReader row, int place, ColumnKind kind) => row.IsDBNull(place)
        ? null
        : kind switch
        {
            ColumnKind.Number => row.GetInt64(place),
            ColumnKind.Flag => row.GetBoolean(place),
            ColumnKind.Real => row.GetDouble(place),
            ColumnKind.Text => Clean(row.GetString(place)),
            ColumnKind.Bytes => row.GetFieldValue<byte[]>(place),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Ids are not plain values."),
        };
}
