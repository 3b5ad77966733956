using Microsoft.Data.Sqlite;
using Vitrine.Storage;
using Vitrine.Transfer;
using Xunit;

namespace Vitrine.Tests.Transfer;

/// <summary>A table or column that comes to the schema comes to the move, or is knowingly left.</summary>
public sealed class TransferTablesTests : TransferTest
{
    /// <summary>Columns that are not compared as they are, with the reason.</summary>
    private static readonly Dictionary<string, string> s_otherwise = new()
    {
        ["assets.claim_owner"] = "claims are not carried",
        ["libraries.id"] = "a new one",
        ["task_groups.library_id"] = "follows the library",
        ["folders.id"] = "a new one; its assets are compared with its path",
        ["folders.library_id"] = "follows the library",
        ["skipped.library_id"] = "follows the library",
        ["job_runs.id"] = "a new one",
        ["job_runs.owner"] = "a worker of before",
        ["job_lines.run_id"] = "follows its run",
    };

    [Fact]
    public void Tables_OfTheSchema_AreAllMovedOrKnowinglyLeft() => Assert.Equal(
        Columns().Keys.Order(StringComparer.Ordinal),
        TransferTables.OfAssets.Select(table => table.Name).Concat(TransferTables.OfLibrary.Select(rows => rows.Name)).Concat(TransferTables.Others.Keys).Order(StringComparer.Ordinal));

    [Fact]
    public void Columns_OfMovedTables_AreAllMovedAndCompared()
    {
        var columns = Columns();
        foreach (var table in TransferTables.OfAssets)
            Assert.Equal(columns[table.Name].Where(column => !s_otherwise.ContainsKey($"{table.Name}.{column}")).Order(), table.Columns.Select(column => column.Sql).Order());
        foreach (var rows in TransferTables.OfLibrary)
        {
            var text = string.Join(' ', rows.Columns.Select(column => column.Sql));
            Assert.Empty(columns[rows.Name].Where(column => !s_otherwise.ContainsKey($"{rows.Name}.{column}") && !text.Contains(column, StringComparison.Ordinal))
                .Select(column => $"{rows.Name}.{column} is neither compared nor knowingly left"));
        }
    }

    [Fact]
    public void Tables_OfPostgres_AreThoseOfSqliteAndItsOwn()
    {
        using var connection = Connect();
        var tables = connection.Query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()", row => row.GetString(0));
        Assert.Equal(
            Columns().Keys.Except(["progress", "asset_ids"]).Concat(["progress_parts", "progress_scopes", "schema_version", "transfers"]).Order(StringComparer.Ordinal),
            tables.Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, List<string>> Columns()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        SqliteMigrations.Apply(connection);
        return connection.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", row => row.GetString(0))
            .ToDictionary(table => table, table => connection.Query($"SELECT name FROM pragma_table_info('{table}')", row => row.GetString(0)));
    }
}
