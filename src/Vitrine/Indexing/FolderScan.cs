using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Threading.Channels;
using Vitrine.Images.Metadata;
using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Indexing;

/// <summary>
/// Phase 1's walk: reads directories in parallel, opens no file, and hands the files on in growing chunks, the first of at most
/// <see cref="FirstChunk"/>. What it cannot take in is listed, never lost and never a stop.
/// </summary>
/// <param name="root">The library's folder, links resolved.</param>
/// <param name="includeHidden">Whether hidden and system files are taken in.</param>
/// <param name="readers">Directories read at the same time.</param>
/// <param name="passedOver">Vitrine's own data folder, links resolved, which may lie inside the root; null for none.</param>
internal sealed class FolderScan(string root, bool includeHidden, int readers, string? passedOver = null)
{
    public const int FirstChunk = 256;

    private const int LargestChunk = 8192;

    /// <summary>Folders that link to each other hold each other on every way through them; this many deep is enough for anybody.</summary>
    private const int MostLinksInside = 3;

    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly ConcurrentBag<SkippedPath> _skipped = [];
    private int _chunk = FirstChunk;

    /// <summary>Awaited before a folder is read, so that a walk can be held between two of them.</summary>
    public Func<CancellationToken, Task> BeforeEachFolder { get; init; } = _ => Task.CompletedTask;

    /// <summary>What was not taken in, by path; complete when the walk is.</summary>
    /// <remarks>Names that are no UTF-8 can look the same: the line then says how many there are.</remarks>
    public IReadOnlyList<SkippedPath> Skipped =>
    [
        .. _skipped.GroupBy(skipped => skipped.Path, StringComparer.Ordinal)
            .Select(same => same.Count() == 1 ? same.First() : new SkippedPath(same.Key, $"{same.Count()} entries look like this: {same.First().Reason}"))
            .OrderBy(skipped => skipped.Path, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Whether the walk met this folder if it is there. What is known of one that could not be read, or that lies below such a one, must be kept.
    /// </summary>
    public bool HasLookedAt(string folder) => (_reach.Includes(folder) || IsAtOrBelow(folder, _gone)) && !IsAtOrBelow(folder, _unread);

    private readonly ConcurrentDictionary<string, bool> _unread = new();
    private readonly ConcurrentDictionary<string, bool> _gone = new();
    private ScanReach _reach = ScanReach.Whole;

    /// <summary>Walks all that is within reach, then completes the channel; a full channel holds the walk back.</summary>
    public async Task RunAsync(ScanReach reach, ChannelWriter<ScannedFiles> found, CancellationToken cancellationToken)
    {
        _reach = reach;
        using var folders = new FolderQueue();
        folders.Add([.. reach.Starts.Select(StartOrNull).OfType<ScanFolder>()]);
        if (folders.IsOver)
        {
            found.Complete();
            return;
        }

        try
        {
            await Task.WhenAll(Enumerable.Range(0, readers).Select(_ => Task.Run(() => ReadFoldersAsync(folders, found, cancellationToken), cancellationToken)));
            found.Complete();
        }
        catch (Exception exception)
        {
            found.Complete(exception);
            throw;
        }
    }

    private static bool IsAtOrBelow(string folder, ConcurrentDictionary<string, bool> folders) => !folders.IsEmpty && folders.Keys.Any(
        above => folder == above || above.Length == 0 || folder.StartsWith($"{above}/", StringComparison.Ordinal));

    /// <summary>Null for a folder that is gone, with all that was below it, or that no walk from the root would come to.</summary>
    private ScanFolder? StartOrNull((string Path, bool IsDeep) start)
    {
        if (start.Path.Length == 0)
            return new ScanFolder("", root, root, [], start.IsDeep);
        var full = System.IO.Path.Join(root, start.Path);
        if (!Directory.Exists(full))
        {
            _gone.TryAdd(start.Path, true);
            return null;
        }

        var real = LibraryRoot.RealPath(full);
        return LibraryRoot.IsInside(real, root) && (passedOver is null || !LibraryRoot.IsInside(real, passedOver))
            ? new ScanFolder(start.Path, full, real == full ? full : real, [], start.IsDeep)
            : null;
    }

    private async Task ReadFoldersAsync(FolderQueue folders, ChannelWriter<ScannedFiles> found, CancellationToken cancellationToken)
    {
        while (await folders.TakeOrNullAsync(cancellationToken) is { } folder)
        {
            try
            {
                await BeforeEachFolder(cancellationToken);
                await ReadFolderAsync(folder, folders, found, cancellationToken);
            }
            catch (Exception exception) when (DiskTrouble.Is(exception))
            {
                _unread.TryAdd(folder.Path, true);
                Skip(folder.Path, $"the folder cannot be read: {exception.Message} Check its permissions and scan again.");
            }
            finally
            {
                folders.Done(readers);
            }
        }
    }

    private async Task ReadFolderAsync(
        ScanFolder folder, FolderQueue folders, ChannelWriter<ScannedFiles> found, CancellationToken cancellationToken)
    {
        var files = new List<ScannedFile>();
        var subfolders = new List<ScanFolder>();
        var sidecars = new Dictionary<string, long>(StringComparer.Ordinal);
        var odd = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in Entries(folder))
        {
            if (IsUnopenable(folder, entry.Name, odd))
                Skip(Join(folder.Path, entry.Name), "its name is not valid UTF-8. Rename it and scan again.");
            else if (entry.IsLink)
                FollowLink(folder, entry.Name, files, subfolders, sidecars);
            else if (entry.IsDirectory)
                subfolders.Add(Subfolder(folder, entry.Name));
            else if (entry.Kind is { } kind)
                files.Add(new ScannedFile(entry.Name, kind, entry.Size, entry.ModifiedAt));
            else
                sidecars[entry.Name] = entry.ModifiedAt;

            if (files.Count >= _chunk)
            {
                await found.WriteAsync(Chunk(folder, files, isLast: false), cancellationToken);
                files = [];
                _chunk = Math.Min(_chunk * 2, LargestChunk);
            }
        }

        subfolders.RemoveAll(subfolder => !folder.IsDeep || subfolder.RealPath == passedOver);
        subfolders.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        folders.Add(subfolders);
        await found.WriteAsync(Chunk(folder, files, isLast: true) with { Sidecars = sidecars.Count == 0 ? null : sidecars }, cancellationToken);
    }

    /// <summary>Sorted by name: a B-tree takes sorted rows in faster, and a small folder arrives in order.</summary>
    private static ScannedFiles Chunk(ScanFolder folder, List<ScannedFile> files, bool isLast)
    {
        files.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new ScannedFiles(folder.Path, files, isLast);
    }

    private FileSystemEnumerable<Entry> Entries(ScanFolder folder) => new(folder.FullPath, ReadEntry, s_everything)
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            (includeHidden || !HiddenNames.IsHidden(entry.FileName))
            && (IsLink(ref entry) || entry.IsDirectory || FileKinds.KindOrNull(entry.FileName) is not null || SidecarPaths.IsSidecar(entry.FileName)),
    };

    private static Entry ReadEntry(ref FileSystemEntry entry)
    {
        var name = entry.FileName.ToString();
        if (IsLink(ref entry))
            return new Entry(name, IsDirectory: false, IsLink: true, null, 0, 0);
        if (entry.IsDirectory)
            return new Entry(name, IsDirectory: true, IsLink: false, null, 0, 0);
        // A file that vanished since the directory was read has no size and no time; the metadata stage will find it gone.
        return new Entry(
            name, IsDirectory: false, IsLink: false, FileKinds.KindOrNull(name), entry.Length, Storage.StoredTime.ToStored(entry.LastWriteTimeUtc));
    }

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private void FollowLink(ScanFolder folder, string name, List<ScannedFile> files, List<ScanFolder> subfolders, Dictionary<string, long> sidecars)
    {
        var path = Join(folder.Path, name);
        var full = System.IO.Path.Join(folder.FullPath, name);
        var real = LibraryRoot.RealPath(full);
        if (!LibraryRoot.IsInside(real, root))
        {
            Skip(path, "it is a link that leads out of the library. Add the folder it leads to as a library of its own.");
        }
        else if (Directory.Exists(real))
        {
            var followed = folder.Followed.Add(folder.RealPath);
            if (followed.Exists(above => LibraryRoot.IsInside(above, real)))
                Skip(path, "it is a link to a folder that holds it: a loop.");
            else if (followed.Count > MostLinksInside)
                Skip(path, $"it is a link inside {MostLinksInside} others. Its folder is taken in where it lies.");
            else
                subfolders.Add(new ScanFolder(path, full, real, followed));
        }
        else if (File.Exists(real) && new FileInfo(real).LinkTarget is null) // still a link: a loop of links exists, but leads nowhere
        {
            var file = new FileInfo(real);
            if (FileKinds.KindOrNull(name) is { } kind)
                files.Add(new ScannedFile(name, kind, file.Length, Storage.StoredTime.ToStored(file.LastWriteTimeUtc)));
            else if (SidecarPaths.IsSidecar(name))
                sidecars[name] = Storage.StoredTime.ToStored(file.LastWriteTimeUtc);
        }
        else if (FileKinds.KindOrNull(name) is not null || System.IO.Path.GetExtension(name).Length == 0)
        {
            Skip(path, "it is a link that leads nowhere. Remove it, or bring back what it leads to.");
        }
    }

    private static ScanFolder Subfolder(ScanFolder folder, string name)
    {
        var full = System.IO.Path.Join(folder.FullPath, name);
        var real = ReferenceEquals(folder.FullPath, folder.RealPath) ? full : System.IO.Path.Join(folder.RealPath, name);
        return new ScanFolder(Join(folder.Path, name), full, real, folder.Followed);
    }

    /// <summary>Bytes that are no UTF-8 arrive as U+FFFD, and then no such name exists; a name that really holds U+FFFD does.</summary>
    /// <param name="met">Such names met in this folder: a second one that looks the same is not the one that can be opened.</param>
    private static bool IsUnopenable(ScanFolder folder, string name, HashSet<string> met) =>
        name.Contains('\uFFFD') && (!System.IO.Path.Exists(System.IO.Path.Join(folder.FullPath, name)) || !met.Add(name));

    private static string Join(string folder, string name) => AssetStore.JoinPath(folder, name);

    private void Skip(string path, string reason) => _skipped.Add(new SkippedPath(path, reason));

    private readonly record struct Entry(string Name, bool IsDirectory, bool IsLink, AssetKind? Kind, long Size, long ModifiedAt);
}
