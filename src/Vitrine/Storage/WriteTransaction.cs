using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>One piece of work inside the writer's current transaction.</summary>
/// <remarks>Used on the writer's thread only, and only until the work returns. Statements take effect in the order in which they were given.</remarks>
public sealed class WriteTransaction
{
    private readonly IWriteConnection _connection;
    private List<Action>? _afterCommit;
    private Dictionary<Delegate, IGathered>? _together;

    internal WriteTransaction(IWriteConnection connection) => _connection = connection;

    internal IReadOnlyList<Action> AfterCommitActions => _afterCommit ?? [];

    /// <summary>For SQL that runs once in a while, and for what only this database can do.</summary>
    public DbConnection Connection
    {
        get
        {
            _connection.Flush();
            return _connection.Connection;
        }
    }

    public SqlDialect Dialect => _connection.Dialect;

    /// <summary>A command for this text, prepared once per connection, to be run at once. Its parameters keep their last values.</summary>
    public DbCommand Prepare(string sql)
    {
        _connection.Flush();
        return _connection.Prepare(sql);
    }

    /// <summary>
    /// Runs a statement whose answer nobody needs. On a shared database it travels with those after it, in one round trip for all; an error
    /// in it shows at the next statement that has an answer, or at the end of the work.
    /// </summary>
    /// <param name="sql">The same text each time; it gives no rows.</param>
    public void Queue(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => _connection.Queue(sql, parameters);

    /// <summary>Every row of a statement, in its order; what was queued travels with it, in one round trip.</summary>
    /// <param name="sql">The same text each time.</param>
    public List<T> Query<T>(string sql, Func<DbDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        _connection.Query(sql, row, parameters);

    /// <summary>
    /// What this work hands to the same <paramref name="write"/> is written in one go when the work is done: in fewer statements, and rows
    /// that other processes want as well are locked for less long.
    /// </summary>
    public void Together<T>(Action<WriteTransaction, IReadOnlyList<T>> write, T item)
    {
        _together ??= [];
        if (!_together.TryGetValue(write, out var gathered))
            _together[write] = gathered = new Gathered<T>(write);
        ((Gathered<T>)gathered).Items.Add(item);
    }

    /// <summary>
    /// Runs after the commit, in commit order, before the caller's task completes: announcements and counters in memory.
    /// Must be short; an exception is logged and stops nobody.
    /// </summary>
    public void AfterCommit(Action action) => (_afterCommit ??= []).Add(action);

    /// <summary>The work is done: writes what was gathered.</summary>
    internal void End()
    {
        foreach (var gathered in _together?.Values ?? Enumerable.Empty<IGathered>())
            gathered.Write(this);
    }

    private interface IGathered
    {
        void Write(WriteTransaction transaction);
    }

    private sealed class Gathered<T>(Action<WriteTransaction, IReadOnlyList<T>> write) : IGathered
    {
        public List<T> Items { get; } = [];

        public void Write(WriteTransaction transaction) => write(transaction, Items);
    }
}
