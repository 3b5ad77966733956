namespace Vitrine.Transfer;

/// <summary>A column, or another expression of a query, and what it holds.</summary>
internal readonly record struct TransferColumn(string Sql, ColumnKind Kind)
{
    /// <summary>Whether it means the same in both databases. Ids do not.</summary>
    public bool IsPlain => Kind <= ColumnKind.Bytes;

    public static TransferColumn Number(string sql) => new(sql, ColumnKind.Number);

    public static TransferColumn Flag(string sql) => new(sql, ColumnKind.Flag);

    public static TransferColumn Real(string sql) => new(sql, ColumnKind.Real);

    public static TransferColumn Text(string sql) => new(sql, ColumnKind.Text);

    public static TransferColumn Bytes(string sql) => new(sql, ColumnKind.Bytes);
}
