using System.Reflection;

namespace Vitrine.Storage;

/// <summary>The numbered scripts in <c>Storage/Migrations</c>, a set for each database. A released script is never edited.</summary>
internal sealed class MigrationScripts
{
    private readonly Lazy<List<string>> _scripts;

    private MigrationScripts(string dialect) => _scripts = new Lazy<List<string>>(() => Read(dialect));

    public static MigrationScripts Sqlite { get; } = new("sqlite");

    public static MigrationScripts Postgres { get; } = new("postgres");

    /// <summary>The version of the tables that this program knows.</summary>
    public int Newest => _scripts.Value.Count;

    private static string ProgramVersion =>
        typeof(MigrationScripts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What brings tables of this version up to date, in order, with the version each leads to.</summary>
    public IEnumerable<(int Version, string Sql)> After(long version) =>
        _scripts.Value.Index().Where(script => script.Index >= version).Select(script => (script.Index + 1, script.Item));

    /// <exception cref="DatabaseUnavailableException">The database was written by a newer program.</exception>
    public void CheckVersion(long version, string database)
    {
        if (version > Newest)
        {
            throw new DatabaseUnavailableException(
                $"The database {database} has version {version}, and this program (Vitrine {ProgramVersion}) knows versions up to {Newest}. "
                + "Nothing was changed. Start the newer program that wrote it, or put back a backup from before with 'vitrine restore FILE'.");
        }
    }

    /// <summary>Resource names end in <c>.0001_initial.sqlite.sql</c>: sorted by name they are in order.</summary>
    private static List<string> Read(string dialect)
    {
        var assembly = typeof(MigrationScripts).Assembly;
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
