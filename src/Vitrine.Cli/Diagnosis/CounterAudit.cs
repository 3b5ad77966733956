using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>The counters of libraries and task groups against the rows they count. One pass over all rows.</summary>
/// <param name="Id">A library or a task group.</param>
/// <param name="Kept">Pending, indexed, embedding, ready, failed as they are kept.</param>
/// <param name="Counted">The same as the rows say.</param>
internal sealed record CounterAudit(long Id, IReadOnlyList<long> Kept, IReadOnlyList<long> Counted)
{
    private const string Sql =
        """
        WITH one (id, status, files) AS (
            SELECT library_id, status, COUNT(*) FROM assets GROUP BY library_id, status
            UNION ALL SELECT task_group_id, status, COUNT(*) FROM assets GROUP BY task_group_id, status)
        SELECT p.id, p.pending, p.indexed, p.embedding, p.ready, p.failed,
            TOTAL(files) FILTER (WHERE status = 0), TOTAL(files) FILTER (WHERE status = 1), TOTAL(files) FILTER (WHERE status = 2),
            TOTAL(files) FILTER (WHERE status = 3), TOTAL(files) FILTER (WHERE status = 4)
        FROM progress p LEFT JOIN one ON one.id = p.id GROUP BY p.id
        """;

    public bool IsExact => Kept.SequenceEqual(Counted);

    public static IReadOnlyList<CounterAudit> All(DbConnection connection) => connection.Query(Sql, row => new CounterAudit(
        row.GetInt64(0), [.. Enumerable.Range(1, 5).Select(row.GetInt64)], [.. Enumerable.Range(6, 5).Select(column => (long)row.GetDouble(column))]));

    /// <summary>Counts again where the counters are wrong; to be called in a transaction.</summary>
    /// <returns>How many libraries and task groups were wrong.</returns>
    public static int Mend(DbConnection connection)
    {
        var wrong = All(connection).Where(audit => !audit.IsExact).ToList();
        foreach (var (id, _, counted) in wrong)
        {
            connection.Execute(
                """
                UPDATE progress SET pending = @pending, indexed = @indexed, embedding = @embedding, ready = @ready, failed = @failed, version = version + 1
                WHERE id = @id
                """,
                ("@id", id), ("@pending", counted[0]), ("@indexed", counted[1]), ("@embedding", counted[2]), ("@ready", counted[3]), ("@failed", counted[4]));
        }

        return wrong.Count;
    }
}
