using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Storage;

namespace Vitrine.Tests.Contracts;

/// <summary>Opens the stores on SQLite.</summary>
internal sealed class SqliteStores : IStoreSource
{
    public ValueTask PrepareAsync() => ValueTask.CompletedTask;

    public Stores Open(string folder, ManualTime time) => new(SqliteDatabase.Open(Path.Join(folder, "vitrine.db"), NullLogger.Instance), time);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
