using System.Data.Common;
using Npgsql;
using Vitrine.Storage;
using static Vitrine.Transfer.TransferColumn;

namespace Vitrine.Transfer;

/// <summary>The kept runs of a library's jobs, which are named <c>scan:LIB</c>, <c>retry:LIB</c>: under the library's new id.</summary>
internal static class JobRows
{
    /// <summary>The job's name without the library.</summary>
    public const string KindSql = "SUBSTR(r.name, 1, LENGTH(r.name) - LENGTH(CAST(@library AS TEXT)))";

    /// <summary>Runs whose name ends with the library's id.</summary>
    public const string OfLibrarySql = "r.name LIKE '%:' || CAST(@library AS TEXT)";

    /// <summary>
    /// What is kept of a run. One that a killed process left running is what the next start would make of it: queued when it goes on by
    /// itself (1, 2 are <c>JobTraits</c>), else failed.
    /// </summary>
    public static IReadOnlyList<TransferColumn> Facts { get; } =
    [
        Number("traits"),
        Text($"CASE WHEN {LeftSql} AND {GoesOnSql} THEN 'queued' WHEN {LeftSql} THEN 'failed' ELSE status END"),
        Flag("paused"), Text("message"), Real("fraction"), Text("result"),
        Text($"CASE WHEN {LeftSql} AND NOT ({GoesOnSql}) THEN 'interrupted: the program ended while it ran' ELSE error END"),
        Text("stack"), Number("cancel_asked_at"),
        Number($"CASE WHEN {LeftSql} AND NOT ({GoesOnSql}) THEN started_at ELSE finished_at END"),
    ];

    private const string LeftSql = "status = 'running'";

    private const string GoesOnSql = "cancel_asked_at IS NULL AND traits & 2 <> 0";

    private const string InsertSql =
        """
        INSERT INTO job_runs (name, started_at, traits, status, paused, message, fraction, result, error, stack, cancel_asked_at, finished_at)
        VALUES (@kind || CAST(@library AS TEXT), @started, @p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9) RETURNING id
        """;

    /// <summary>At most 20 runs of each name with some lines each.</summary>
    public static void Copy(TransferSource source, NpgsqlConnection target, TransferEntry entry)
    {
        var runs = source.Read(connection => connection.Query(
            $"SELECT r.id, {KindSql}, r.started_at, {string.Join(", ", Facts.Select(fact => fact.Sql))} FROM job_runs r WHERE {OfLibrarySql} ORDER BY r.id",
            ReadRun,
            ("@library", entry.SourceId)));
        foreach (var (oldId, kind, started, facts) in runs)
        {
            var id = target.QueryNumber(
                InsertSql,
                [("@kind", kind), ("@library", entry.LibraryId), ("@started", started), .. facts.Select((fact, place) => ($"@p{place}", fact))]);
            var lines = source.Read(connection => connection.Query(
                "SELECT place, at, level, text FROM job_lines WHERE run_id = @run",
                row => (Place: row.GetInt64(0), At: row.GetInt64(1), Level: row.GetInt64(2), Text: TransferValue.Clean(row.GetString(3))),
                ("@run", oldId)));
            foreach (var (place, at, level, text) in lines)
            {
                target.Execute(
                    "INSERT INTO job_lines (run_id, place, at, level, text) VALUES (@run, @place, @at, @level, @text)",
                    ("@run", id), ("@place", place), ("@at", at), ("@level", level), ("@text", text));
            }
        }
    }

    private static (long Id, string Kind, long Started, object?[] Facts) ReadRun(DbDataReader row) =>
        (row.GetInt64(0), row.GetString(1), row.GetInt64(2), [.. Facts.Select((fact, place) => TransferValue.Read(row, place + 3, fact.Kind))]);
}
