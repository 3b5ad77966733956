using Microsoft.Data.Sqlite;
using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>The data folder, its database and its disk.</summary>
internal static class DataFolderChecks
{
    private const long LittleSpace = 1L << 30;

    public static IEnumerable<Check> All(string folder)
    {
        var exists = Directory.Exists(folder);
        yield return Folder(folder, exists);
        yield return exists ? Database(Path.Join(folder, "vitrine.db")) : Check.Fine("database", "none yet");
        yield return Disk(folder);
    }

    private static Check Folder(string folder, bool exists)
    {
        if (!exists)
            return Check.Fine("data_folder", $"{folder} is not there yet; the first start makes it");
        try
        {
            using (File.Create(Path.Join(folder, $".doctor-{Environment.ProcessId}"), 1, FileOptions.DeleteOnClose))
            {
                var holder = DataFolder.AddressOrNull(folder) is { } address ? $"served at {address}" : "not in use";
                return Check.Fine("data_folder", $"{folder}, {holder}");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Check.Broken("data_folder", $"{folder} cannot be written: {exception.Message} Give another one with --data.");
        }
    }

    private static Check Database(string file)
    {
        if (!File.Exists(file))
            return Check.Fine("database", "none yet");
        try
        {
            _ = SqliteNative.Version;
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(5)";
            var answers = new List<string>();
            using var reader = command.ExecuteReader();
            while (reader.Read())
                answers.Add(reader.GetString(0));
            return answers is ["ok"]
                ? Check.Fine("database", $"{file}, {new FileInfo(file).Length / 1048576.0:N1} MiB, quick_check ok")
                : Damaged(file, string.Join("; ", answers));
        }
        catch (SqliteException exception)
        {
            return Damaged(file, exception.Message);
        }
    }

    private static Check Damaged(string file, string what) => Check.Broken(
        "database", $"{file}: {what}. Move it away and import again: the pictures themselves are untouched.");

    private static Check Disk(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var detail = $"{free / (double)(1L << 30):N1} GiB free for {folder}";
        return free >= LittleSpace ? Check.Fine("disk", detail) : Check.Limited("disk", $"{detail}: thumbnails need about 15 KB a picture");
    }
}
