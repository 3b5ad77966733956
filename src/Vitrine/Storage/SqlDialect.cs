using System.Text.Json.Nodes;

namespace Vitrine.Storage;

/// <summary>The few words in which the SQL of the two databases differs where one class speaks to both.</summary>
/// <remarks>Everything else is written in what both understand: <c>ON CONFLICT</c>, <c>RETURNING</c>, <c>TRUE</c>, <c>NOT flag</c>.</remarks>
public sealed class SqlDialect
{
    private SqlDialect(bool isPostgres) => IsPostgres = isPostgres;

    public static SqlDialect Sqlite { get; } = new(isPostgres: false);

    public static SqlDialect Postgres { get; } = new(isPostgres: true);

    public bool IsPostgres { get; }

    /// <summary>Text that matches whatever its case.</summary>
    public string Like => IsPostgres ? "ILIKE" : "LIKE";

    /// <summary>At the end of a select that claims: rows that another process is just claiming are passed over. SQLite has one writer.</summary>
    public string SkipLocked(string alias) => IsPostgres ? $"FOR UPDATE OF {alias} SKIP LOCKED" : "";

    /// <summary>
    /// A column that holds one of a few values of a select. PostgreSQL, which takes a select with <c>LIMIT @count</c> for a tenth of the table
    /// once its plan is kept, looks each up instead of reading all rows.
    /// </summary>
    public string IsOneOf(string column, string select) => IsPostgres ? $"{column} = ANY (ARRAY({select}))" : $"{column} IN ({select})";

    /// <summary>Between columns and values of an insert that brings its own id to a column that usually makes it.</summary>
    public string OwnIds => IsPostgres ? "OVERRIDING SYSTEM VALUE" : "";

    /// <summary>Of several processes that would do a thing, one does it: 1 for who may, until the end of its transaction.</summary>
    /// <param name="name">A number that stands for the thing.</param>
    public string TryAlone(long name) => IsPostgres ? $"SELECT CASE WHEN pg_try_advisory_xact_lock({name}) THEN 1 ELSE 0 END" : "SELECT 1";

    /// <summary>A select of the texts in a parameter that was made by <see cref="Texts"/>.</summary>
    public string TextsOf(string parameter) => IsPostgres ? $"SELECT jsonb_array_elements_text({parameter}::jsonb)" : $"SELECT value FROM json_each({parameter})";

    /// <summary>Texts as one parameter, in the form that both databases read.</summary>
    public static string Texts(IEnumerable<string> texts) => new JsonArray([.. texts.Select(text => JsonValue.Create(text))]).ToJsonString();

    /// <summary>The bytes of the whole database.</summary>
    public string SizeSql => IsPostgres ? "SELECT pg_database_size(current_database())" : "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";

    /// <summary>Holds SQLite's planner, which has no statistics, to an index.</summary>
    public string IndexedBy(string index) => IsPostgres ? "" : $"INDEXED BY {index}";
}
