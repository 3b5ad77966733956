using Microsoft.Extensions.DependencyInjection;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Benchmarks.Setting;

/// <summary>A library of assets that wait for a stage, of files that nobody ever opens.</summary>
internal static class WaitingLibrary
{
    private const string AssetsSql =
        """
        INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status)
        SELECT (SELECT COALESCE(MAX(id), 0) FROM assets) + i, @library, (SELECT MIN(id) FROM folders WHERE library_id = @library) + i / 1000, @group,
            'IMG_' || lpad(i::TEXT, 7, '0') || '.jpg', @kind, 200000 + i, 1700000000000000 + i, 1700000000000000, @status
        FROM generate_series(1, @count) i
        """;

    /// <summary>Adds one, paused or not; its id.</summary>
    public static async Task<long> AddAsync(IServiceProvider services, string name, int count, AssetKind kind, AssetStatus status, bool paused)
    {
        var libraries = services.GetRequiredService<LibraryStore>();
        var (library, _) = await libraries.AddAsync($"/{name}", name, includeHidden: false, CancellationToken.None);
        await libraries.SetPausedAsync(library.Id, paused, CancellationToken.None);
        await services.GetRequiredService<Database>().WriteAsync(
            transaction =>
            {
                transaction.Connection.Execute(
                    "INSERT INTO folders (library_id, path) SELECT @library, 'folder ' || i FROM generate_series(0, @count / 1000) i", ("@library", library.Id), ("@count", count));
                transaction.Connection.Execute(
                    AssetsSql, ("@library", library.Id), ("@group", library.TaskGroupId), ("@kind", (long)kind), ("@status", (long)status), ("@count", count));
                var changes = new CounterChanges();
                changes.Add(library.Id, library.TaskGroupId, status, count);
                services.GetRequiredService<ProgressStore>().Apply(transaction, changes);
            },
            WriteUrgency.Bulk,
            CancellationToken.None);
        await libraries.EndScanAsync(library.Id, library.TaskGroupId, CancellationToken.None);
        return library.Id;
    }
}
