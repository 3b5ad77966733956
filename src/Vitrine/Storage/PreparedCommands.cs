using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>One connection's commands by their text, each prepared once.</summary>
/// <remarks>For text that is the same each time: what holds values would fill it.</remarks>
internal sealed class PreparedCommands(DbConnection connection) : IAsyncDisposable
{
    private readonly Dictionary<string, DbCommand> _commands = [];

    /// <summary>Its parameters keep their last values.</summary>
    public DbCommand this[string sql]
    {
        get
        {
            if (_commands.TryGetValue(sql, out var command))
                return command;
            command = connection.CreateCommand();
            command.CommandText = sql;
            return _commands[sql] = command;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values)
            await command.DisposeAsync();
    }
}
