namespace Vitrine.Transfer;

/// <summary>A table whose rows each belong to one asset: they go with it, batch by batch.</summary>
/// <param name="Name">The table.</param>
/// <param name="Columns">What is copied; names of the table's own columns.</param>
/// <param name="Keys">What stands for its ids when both sides are compared.</param>
/// <param name="KeyJoin">What the keys need.</param>
internal sealed record AssetTable(string Name, IReadOnlyList<TransferColumn> Columns, IReadOnlyList<TransferColumn> Keys, string KeyJoin = "")
{
    private bool IsAssets => Name == "assets";

    private string Row => IsAssets ? "a" : "x";

    /// <summary>The rows of a batch, read from SQLite: @library, and assets after @from up to @to.</summary>
    /// <remarks>CROSS JOIN holds SQLite's planner, which has no statistics, to the order of the assets.</remarks>
    public string ReadSql =>
        $"""
        SELECT {string.Join(", ", Columns.Select(column => $"{Row}.{column.Sql}"))}
        FROM assets a {(IsAssets ? "" : $"CROSS JOIN {Name} x ON x.asset_id = a.id")}
        WHERE a.library_id = @library AND a.id > @from AND a.id <= @to
        """;

    public string CopySql => $"COPY {Name} ({string.Join(", ", Columns.Select(column => column.Sql))}) FROM STDIN (FORMAT BINARY)";

    /// <summary>The same rows on either side, without ids.</summary>
    public ComparedRows Compared => new(
        Name,
        [
            TransferColumn.Text("f.path"), TransferColumn.Text("a.name"), .. Keys,
            .. Columns.Where(column => column.IsPlain && column.Sql != "name").Select(column => column with { Sql = $"{Row}.{column.Sql}" }),
        ],
        $"FROM assets a JOIN folders f ON f.id = a.folder_id {(IsAssets ? "" : $"JOIN {Name} x ON x.asset_id = a.id")} {KeyJoin} WHERE a.library_id = @library");
}
