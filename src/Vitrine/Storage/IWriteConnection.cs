using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>The one connection a writer writes through: how a database begins a transaction, ends it and breaks.</summary>
/// <remarks>Used on the writer's thread only.</remarks>
internal interface IWriteConnection : IAsyncDisposable
{
    DbConnection Connection { get; }

    SqlDialect Dialect { get; }

    /// <summary>False as well when the database has rolled back by itself, or the connection is lost.</summary>
    bool InTransaction { get; }

    void Begin();

    /// <summary>Returns when what was written is durable.</summary>
    void Commit();

    void Rollback();

    /// <summary>What keeps the database from working, as opposed to a statement that is wrong: it may pass.</summary>
    bool IsUnavailable(Exception exception);
}
