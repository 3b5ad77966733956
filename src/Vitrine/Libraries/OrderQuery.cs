using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Libraries;

/// <summary>Reads an order, or some entries of it, from the database.</summary>
internal sealed class OrderQuery(Database database, BrowseKey key)
{
    /// <summary>Rows of a forgotten library are there until they are swept.</summary>
    internal const string KnownSql = "EXISTS (SELECT 1 FROM libraries WHERE id = @library)";

    private const int IdsPerStatement = 1_000;

    private readonly AssetFilter _filter = AssetFilter.Parse(key.Query);

    /// <summary>The whole order.</summary>
    public SortedOrder ReadAll()
    {
        var builder = new OrderBuilder();
        if (key.Sort == AssetSort.Random)
        {
            foreach (var entry in Rows(AllSql(), row => Entry(row)).Order())
                builder.Add(entry);
        }
        else
        {
            // Added as they come: a million rows in a list would be twice the memory of the order.
            Rows(AllSql(), row =>
            {
                builder.Add(Entry(row));
                return false;
            });
        }

        return builder.Build();
    }

    /// <summary>Of these assets those that belong in the order, sorted.</summary>
    public List<OrderEntry> Read(IEnumerable<long> ids)
    {
        var entries = new List<OrderEntry>();
        foreach (var some in ids.Chunk(IdsPerStatement))
            entries.AddRange(Rows(SomeSql(some), Entry));
        entries.Sort();
        return entries;
    }

    internal string SomeSql(IEnumerable<long> ids) => $"{SelectSql(byLibrary: false)} AND a.id IN {SqlIds.In(ids)}";

    private string AllSql()
    {
        var order = key.Sort switch
        {
            AssetSort.Random => "",
            AssetSort.Captured or AssetSort.Width => $" ORDER BY {Value} IS NULL, {Value}, a.id",
            _ => $" ORDER BY {Value}, a.id",
        };
        return SelectSql(byLibrary: true) + order;
    }

    private string Value => key.Sort switch
    {
        AssetSort.Added or AssetSort.Random => "a.id",
        AssetSort.Path => "f.path, a.name",
        AssetSort.Name => "a.name",
        AssetSort.Size => "a.size",
        AssetSort.Modified => "a.modified_at",
        AssetSort.Captured => "a.captured_at",
        AssetSort.Width => "a.width",
        AssetSort.Status => "a.status",
        _ => throw new ArgumentOutOfRangeException(nameof(key), key.Sort, "Not a sort."),
    };

    /// <summary>A few assets are looked up by id: the plus keeps SQLite from reading the library's index instead.</summary>
    private string SelectSql(bool byLibrary)
    {
        var (conditions, _) = _filter.ToSql(database.Dialect);
        var joins = (_filter.Words.Count > 0 || key.Sort == AssetSort.Path ? " JOIN folders f ON f.id = a.folder_id" : "")
            + (_filter.Words.Count > 0 ? " LEFT JOIN asset_details d ON d.asset_id = a.id" : "");
        var where = conditions.Length > 0 ? $" AND {conditions}" : "";
        return $"SELECT a.id, {Value} FROM assets a{joins} WHERE {(byLibrary ? "" : "+")}a.library_id = @library AND {KnownSql}{where}";
    }

    private OrderEntry Entry(DbDataReader row) => new(OrderKey.Of(row, key.Sort, key.Seed), row.GetInt64(0));

    private List<T> Rows<T>(string sql, Func<DbDataReader, T> row) => database.Read(connection => connection.Query(
        sql, row, [.. _filter.ToSql(database.Dialect).Parameters, ("@library", key.LibraryId)]));
}
