using System.Data.Common;

namespace Vitrine.Storage;

/// <summary>
/// Numbered scripts in <c>Storage/Migrations</c>, applied in order, each in a transaction of its own. A released script is
/// never edited.
/// </summary>
internal static class Migrations
{
    /// <exception cref="DatabaseUnavailableException">The database was written by a newer program.</exception>
    public static void Apply(DbConnection connection)
    {
        var scripts = Scripts("sqlite");
        var version = connection.QueryNumber("PRAGMA user_version");
        if (version > scripts.Count)
        {
            throw new DatabaseUnavailableException(
                $"The database has version {version}, this program knows up to {scripts.Count}. Start the newer program that wrote it.");
        }

        for (var next = (int)version; next < scripts.Count; next++)
        {
            using var transaction = connection.BeginTransaction();
            connection.ExecuteIn(transaction, scripts[next]);
            connection.ExecuteIn(transaction, $"PRAGMA user_version={next + 1}");
            transaction.Commit();
        }
    }

    private static void ExecuteIn(this DbConnection connection, DbTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Resource names end in <c>.0001_initial.sqlite.sql</c>: sorted by name they are in order.</summary>
    private static List<string> Scripts(string dialect)
    {
        var assembly = typeof(Migrations).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.EndsWith($".{dialect}.sql", StringComparison.Ordinal));
        var scripts = new List<string>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(reader.ReadToEnd());
        }

        return scripts;
    }
}
