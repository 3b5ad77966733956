using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>
/// Tells a library that lost files from one whose drive is away: missing, unreadable, suddenly empty, or another device in its place.
/// </summary>
internal sealed class RootCheck(LibraryStore libraries, ProgressBoard progress)
{
    /// <summary>Known files that are looked for when the device is another one; when half of them are there it is the same library.</summary>
    private const int SampleSize = 64;

    /// <summary>A few system calls, and some more when the device has changed.</summary>
    /// <param name="confirmed">A person said that what is gone is to be removed: an empty folder, or another device, is then taken as it is.</param>
    public RootState Look(Library library, bool confirmed = false) => Judge(library, confirmed) with
    {
        Folder = FileFacts.OfOrNull(library.Path)?.Node ?? default,
    };

    private RootState Judge(Library library, bool confirmed)
    {
        try
        {
            if (!Directory.Exists(library.Path))
                return new RootState("is not there", null);
            // What systems leave on an empty disk or mount point does not count.
            var isEmpty = !Directory.EnumerateFileSystemEntries(library.Path)
                .Any(entry => library.IncludeHidden || !HiddenNames.IsHidden(Path.GetFileName(entry)));
            var device = RootDevice.OfOrNull(library.Path);
            if (confirmed || (progress.SnapshotOrNull(library.Id)?.Counts.Total ?? 0) == 0)
                return new RootState(null, device);
            if (isEmpty)
                return new RootState("is suddenly empty", device);
            return library.Device is null || device is null || device == library.Device || HasKnownFiles(library)
                ? new RootState(null, device)
                : new RootState("is on another device, which does not hold this library", device);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return new RootState($"cannot be read ({exception.Message.TrimEnd('.')})", null);
        }
    }

    private bool HasKnownFiles(Library library)
    {
        var sample = libraries.Sample(library.Id, SampleSize);
        return sample.Count(known => new FileInfo(Path.Join(library.Path, known.Path)) is { Exists: true } file && file.Length == known.Size) * 2 >= sample.Count;
    }
}
