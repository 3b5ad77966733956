using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>The one connection a writer writes through: how a database begins a transaction, ends it and breaks, and how statements travel.</summary>
/// <remarks>Used on the writer's thread only.</remarks>
internal interface IWriteConnection : IAsyncDisposable
{
    /// <summary>For statements that are run at once: <see cref="Flush"/> comes before them.</summary>
    DbConnection Connection { get; }

    SqlDialect Dialect { get; }

    /// <summary>False as well when the database has rolled back by itself, or the connection is lost.</summary>
    bool InTransaction { get; }

    void Begin();

    /// <summary>Returns when what was written is durable.</summary>
    void Commit();

    void Rollback();

    /// <summary>Begins a piece of work that can be taken back alone.</summary>
    void BeginPiece();

    /// <summary>What the piece queued has run when this returns.</summary>
    void EndPiece();

    void TakeBackPiece();

    /// <inheritdoc cref="WriteTransaction.Prepare"/>
    DbCommand Prepare(string sql);

    /// <inheritdoc cref="WriteTransaction.Queue"/>
    void Queue(string sql, ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <inheritdoc cref="WriteTransaction.Query"/>
    List<T> Query<T>(string sql, Func<DbDataReader, T> row, ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>Runs what was queued.</summary>
    void Flush();

    /// <summary>What is told of an exception that keeps the database from working, and may pass; null for a statement that is wrong. What lasts is noted in <see cref="Outages"/>.</summary>
    DatabaseUnavailableException? UnavailableOrNull(Exception exception);
}
