namespace Vitrine.Transfer;

/// <summary>Rows that must be the same on both sides, as one query that both databases understand.</summary>
/// <param name="Name">Of the table.</param>
/// <param name="Columns">What is compared; the first two name a row to people.</param>
/// <param name="From">From <c>FROM</c> on, with @library, the library's id on that side.</param>
internal sealed record ComparedRows(string Name, IReadOnlyList<TransferColumn> Columns, string From)
{
    public string Sql => $"SELECT {string.Join(", ", Columns.Select(column => column.Sql))} {From}";
}
