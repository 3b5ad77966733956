using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Tests.Contracts;

/// <summary>Compares the counters, in the database and on the board, with the asset rows they count.</summary>
internal static class CounterCheck
{
    /// <summary>One line per counter that is wrong; empty when all are true.</summary>
    public static IReadOnlyList<string> Differences(Stores stores)
    {
        var counted = Counted(stores, "library_id").Concat(Counted(stores, "task_group_id")).ToDictionary();
        var differences = new List<string>();
        foreach (var (id, counts, version) in Rows(stores))
        {
            var expected = counted.GetValueOrDefault(id);
            if (counts != expected)
                differences.Add($"counter {id} says {counts}, its assets are {expected}");
            var shown = stores.Board.SnapshotOrNull(id);
            if (shown?.Counts != counts || shown.Version != version)
                differences.Add($"the board shows {shown?.Counts} in version {shown?.Version} for {id}, the row is {counts} in version {version}");
        }

        return differences;
    }

    public static IReadOnlyList<(long Id, StatusCounts Counts, long Version)> Rows(Stores stores) => stores.Database.Read(connection => connection.Query(
        "SELECT id, pending, indexed, embedding, ready, failed, version FROM progress ORDER BY id",
        row => (
            row.GetInt64(0),
            new StatusCounts(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
            row.GetInt64(6))));

    private static Dictionary<long, StatusCounts> Counted(Stores stores, string by)
    {
        var counted = new Dictionary<long, StatusCounts>();
        var rows = stores.Database.Read(connection => connection.Query(
            $"SELECT {by}, status, COUNT(*) FROM assets WHERE library_id IN (SELECT id FROM libraries) GROUP BY {by}, status",
            row => (Id: row.GetInt64(0), Counts: StatusCounts.Of((AssetStatus)row.GetInt32(1), row.GetInt64(2)))));
        foreach (var (id, counts) in rows)
            counted[id] = counted.GetValueOrDefault(id) + counts;
        return counted;
    }
}
