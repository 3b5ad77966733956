using System.Data.Common;
using System.Reflection;

namespace Vitrine.Storage;

/// <summary>
/// Numbered scripts in <c>Storage/Migrations</c>, applied in order, each in a transaction of its own. A released script is
/// never edited.
/// </summary>
internal static class Migrations
{
    private static readonly Lazy<List<string>> s_sqlite = new(() => Scripts("sqlite"));

    private static string ProgramVersion =>
        typeof(Migrations).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The version of the tables that this program knows.</summary>
    public static int Newest => s_sqlite.Value.Count;

    /// <exception cref="DatabaseUnavailableException">The database was written by a newer program.</exception>
    public static void CheckVersion(DbConnection connection, string path)
    {
        var version = connection.QueryNumber("PRAGMA user_version");
        if (version > Newest)
        {
            throw new DatabaseUnavailableException(
                $"The database {path} has version {version}, and this program (Vitrine {ProgramVersion}) knows versions up to {Newest}. "
                + "Nothing was changed. Start the newer program that wrote it, or put back a backup from before with 'vitrine restore FILE'.");
        }
    }

    /// <summary>Brings a database that <see cref="CheckVersion"/> let through up to date.</summary>
    public static void Apply(DbConnection connection)
    {
        var scripts = s_sqlite.Value;
        var version = connection.QueryNumber("PRAGMA user_version");
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
