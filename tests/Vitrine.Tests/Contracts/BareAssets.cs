using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Tests.Contracts;

/// <summary>Rows of assets that no scan took in and no counter knows.</summary>
internal static class BareAssets
{
    public static Task AddAsync(Database database, Library library, long[] ids, CancellationToken cancellationToken) => database.WriteAsync(
        transaction =>
        {
            foreach (var id in ids)
            {
                transaction.Prepare(
                        """
                        INSERT INTO assets (id, library_id, folder_id, task_group_id, name, kind, size, modified_at, added_at, status)
                        VALUES (@id, @library, 0, @group, @name, 0, 1, 1, 1, 3)
                        """)
                    .Set("@id", id).Set("@library", library.Id).Set("@group", library.TaskGroupId).Set("@name", $"{id}.jpg")
                    .ExecuteNonQuery();
            }
        },
        WriteUrgency.Urgent,
        cancellationToken);
}
