using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>One piece of work inside the writer's current transaction.</summary>
/// <remarks>Used on the writer's thread only, and only until the work returns.</remarks>
public sealed class WriteTransaction(DbConnection connection, SqlDialect dialect, Func<string, DbCommand> prepared)
{
    private List<Action>? _afterCommit;

    internal IReadOnlyList<Action> AfterCommitActions => _afterCommit ?? [];

    /// <summary>For SQL that runs once in a while; SQL that runs per row goes through <see cref="Prepare"/>.</summary>
    public DbConnection Connection { get; } = connection;

    public SqlDialect Dialect { get; } = dialect;

    /// <summary>A command for this text, prepared once per connection. Its parameters keep their last values.</summary>
    public DbCommand Prepare(string sql) => prepared(sql);

    /// <summary>
    /// Runs after the commit, in commit order, before the caller's task completes: announcements and counters in memory.
    /// Must be short; an exception is logged and stops nobody.
    /// </summary>
    public void AfterCommit(Action action) => (_afterCommit ??= []).Add(action);
}
