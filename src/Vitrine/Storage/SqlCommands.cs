using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>Short forms over ADO.NET, the same for every database.</summary>
public static class SqlCommands
{
    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public static int Execute(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Every row, in the order of the query.</summary>
    public static List<T> Query<T>(
        this DbConnection connection, string sql, Func<DbDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.Query(row);
    }

    /// <summary>The first row, or the default where there is none.</summary>
    public static T? QueryFirstOrDefault<T>(
        this DbConnection connection, string sql, Func<DbDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        return reader.Read() ? row(reader) : default;
    }

    /// <summary>The first column of the first row as a whole number; 0 where there is none.</summary>
    public static long QueryNumber(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value) : 0;
    }

    /// <inheritdoc cref="Query{T}(DbConnection, string, Func{DbDataReader, T}, ReadOnlySpan{ValueTuple{string, object}})"/>
    public static List<T> Query<T>(this DbCommand command, Func<DbDataReader, T> row)
    {
        var rows = new List<T>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>Sets a parameter of a prepared command, adding it at its first use.</summary>
    public static DbCommand Set(this DbCommand command, string name, object? value)
    {
        var index = command.Parameters.IndexOf(name);
        if (index >= 0)
        {
            command.Parameters[index].Value = value ?? DBNull.Value;
            return command;
        }

        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
        return command;
    }

    /// <inheritdoc cref="Set(DbCommand, string, object)"/>
    internal static DbCommand Set(this DbCommand command, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
            command.Set(name, value);
        return command;
    }

    public static long? LongOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static int? IntOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static double? DoubleOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);

    public static string? StringOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static byte[]? BytesOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    /// <summary>Times are stored as whole microseconds since 1970 UTC: sortable, exact, 8 bytes in every database.</summary>
    public static DateTimeOffset? TimeOrNull(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : StoredTime.FromStored(reader.GetInt64(column));

    /// <param name="column">The clock.</param>
    /// <param name="offset">Minutes.</param>
    public static WallTime? WallTimeOrNull(this DbDataReader reader, int column, int offset) =>
        reader.IsDBNull(column) ? null : WallTime.FromStored(reader.GetInt64(column), reader.IntOrNull(offset));

    private static DbCommand Command(this DbConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.Set(parameters);
    }
}
