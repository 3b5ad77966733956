using System.Diagnostics;

namespace Vitrine.Tests.Postgres;

/// <summary>Where PostgreSQL's server programs are, and how they are run: they refuse to run as root.</summary>
internal static class PostgresPrograms
{
    /// <summary>Names the folder with <c>initdb</c> and <c>postgres</c>; else the newest under <c>/usr/lib/postgresql</c>, else the path.</summary>
    public const string Variable = "VITRINE_POSTGRES_BIN";

    public static string? FolderOrNull { get; } = Folders().FirstOrDefault(folder => File.Exists(Path.Join(folder, "initdb")) && File.Exists(Path.Join(folder, "postgres")));

    /// <summary>To start a server program as whoever may: this user, or nobody where this user is root.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        var file = Path.Join(FolderOrNull, program);
        IEnumerable<string> all = Environment.IsPrivilegedProcess ? ["-u", "nobody", "--", file, .. arguments] : arguments;
        var start = new ProcessStartInfo(Environment.IsPrivilegedProcess ? "runuser" : file, all)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            yield return named;
        const string Debian = "/usr/lib/postgresql";
        if (Directory.Exists(Debian))
        {
            foreach (var version in Directory.GetDirectories(Debian).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0))
                yield return Path.Join(version, "bin");
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            yield return folder;
    }
}
