using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Indexing;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Tests.Contracts;

/// <summary>Opens the stores on SQLite.</summary>
internal static class SqliteStores
{
    public static Stores Open(string folder, ManualTime time) => new(
        SqliteDatabase.Open(Path.Join(folder, "vitrine.db"), NullLogger.Instance),
        time,
        stores => new SqliteClaimStore(stores.Database, stores.Progress, stores.Announcements, time),
        stores => new SqliteScanIntake(stores.Database, stores.Progress, stores.Announcements, time));
}
