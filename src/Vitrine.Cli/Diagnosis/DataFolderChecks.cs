using Vitrine.Storage;

namespace Vitrine.Cli.Diagnosis;

/// <summary>The data folder, what is left over in it, and its disk.</summary>
internal static class DataFolderChecks
{
    private const long LittleSpace = 1L << 30, NoSpace = 16L << 20;

    public static IEnumerable<Check> All(string folder)
    {
        var exists = Directory.Exists(folder);
        yield return Folder(folder, exists);
        if (exists)
            yield return Temporary(folder);
        yield return Disk(folder);
    }

    private static Check Folder(string folder, bool exists)
    {
        if (!exists)
            return Check.Ok("data_folder", $"{folder} is not there yet; the first start makes it");
        try
        {
            using (File.Create(Path.Join(folder, $".doctor-{Environment.ProcessId}"), 1, FileOptions.DeleteOnClose))
            {
                var holder = DataFolder.AddressOrNull(folder) is { } address ? $"served at {address}" : "not in use";
                return Check.Ok("data_folder", $"{folder}, {holder}");
            }
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return Check.Problem("data_folder", $"{folder} cannot be written: {exception.Message} Give another one with --data.");
        }
    }

    private static Check Temporary(string folder)
    {
        var count = TemporaryFiles.In(folder).Count;
        return count == 0 ? Check.Ok("temporary_files", "none")
            : DataFolder.IsHeld(folder) ? Check.Ok("temporary_files", $"{count:N0}, perhaps in use by the server")
            : Check.Warning("temporary_files", $"{count:N0} are left over. The next start or 'vitrine doctor --repair' removes them.");
    }

    private static Check Disk(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var detail = $"{free / (double)(1L << 30):N1} GiB free for {folder}";
        return free >= LittleSpace
            ? Check.Ok("disk", detail)
            : free < NoSpace ? Check.Problem("disk", $"{detail}: nothing can be written any more. Free some, or move the data folder.")
            : Check.Warning("disk", $"{detail}: thumbnails need about 15 KB a picture");
    }
}
