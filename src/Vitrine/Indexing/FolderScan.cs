using System.Collections.Concurrent;
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
/// <param name="passedOver">Vitrine's own folders, links resolved, which may lie inside the root.</param>
internal sealed class FolderScan(string root, bool includeHidden, int readers, params IReadOnlyList<string> passedOver)
{
    public const int FirstChunk = 256;

    private const int LargestChunk = 8192;

    private readonly ConcurrentBag<SkippedPath> _skipped = [];
    private readonly ConcurrentDictionary<string, bool> _unread = new();
    private readonly ConcurrentDictionary<string, bool> _gone = new();
    private ScanReach _reach = ScanReach.Whole;
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
        var full = start.Path.Length == 0 ? root : System.IO.Path.Join(root, start.Path);
        if (FileFacts.OfOrNull(full) is not { Type: FileType.Folder } facts)
        {
            if (start.Path.Length > 0)
                _gone.TryAdd(start.Path, true);
            return start.Path.Length > 0 ? null : new ScanFolder("", root, 0, start.IsDeep); // reading the root says what is wrong
        }

        if (start.Path.Length == 0)
            return new ScanFolder("", root, facts.Node.Device, start.IsDeep);
        return RealPath.Of(full) == full && !passedOver.Any(own => RealPath.IsInside(full, own)) && !Above(start.Path).Any(IsPassedOver)
            ? new ScanFolder(start.Path, full, facts.Node.Device, start.IsDeep)
            : null;
    }

    private static bool IsPassedOver(string folder) => CacheTag.IsIn(folder) || DataFolder.IsOne(folder);

    /// <summary>The folders between the root and this one, both left out.</summary>
    private IEnumerable<string> Above(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            yield return System.IO.Path.Join(root, path[..slash]);
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
        if (folder.Path.Length > 0 && IsPassedOver(folder.FullPath))
        {
            Skip(folder.Path, DataFolder.IsOne(folder.FullPath)
                ? "it is a data folder of Vitrine: the pictures in it are thumbnails."
                : $"it is marked as a cache, which holds what a program can make anew. Remove its file {CacheTag.Name} to take it in.");
            return;
        }

        var files = new List<ScannedFile>();
        var subfolders = new List<ScanFolder>();
        var sidecars = new Dictionary<string, long>(StringComparer.Ordinal);
        var odd = new HashSet<string>(StringComparer.Ordinal);
        using var held = HeldFolder.Open(folder.FullPath, root);
        foreach (var entry in FolderEntry.Of(held, includeHidden))
        {
            if (IsUnopenable(folder, entry.Name, odd))
                Skip(Join(folder.Path, entry.Name), "its name is not valid UTF-8. Rename it and scan again.");
            else if (entry.Type == FileType.Folder)
                AddSubfolder(folder, entry, subfolders);
            else if ((entry.Type == FileType.Link ? TargetOrNull(folder, entry) : entry) is { } file)
                AddFile(folder, file, files, sidecars);

            if (files.Count >= _chunk)
            {
                await found.WriteAsync(Chunk(folder, files, isLast: false), cancellationToken);
                files = [];
                _chunk = Math.Min(_chunk * 2, LargestChunk);
            }
        }

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

    private void AddFile(ScanFolder folder, FolderEntry entry, List<ScannedFile> files, Dictionary<string, long> sidecars)
    {
        var isSidecar = entry.Kind is null && SidecarPaths.IsSidecar(entry.Name);
        if (entry.Kind is null && !isSidecar)
            return;
        // A file that vanished since the directory was read has no size and no time; the metadata stage will find it gone.
        var facts = entry.Facts ?? default;
        if (entry.Type == FileType.Special)
            Skip(Join(folder.Path, entry.Name), "it is a named pipe, a socket or a device, which is never opened.");
        else if (isSidecar)
            sidecars[entry.Name] = SidecarStamp.Of(facts);
        else
            files.Add(new ScannedFile(entry.Name, entry.Kind!.Value, facts.Size, facts.ModifiedAt, facts.ChangedAt));
    }

    private void AddSubfolder(ScanFolder folder, FolderEntry entry, List<ScanFolder> subfolders)
    {
        var subfolder = new ScanFolder(Join(folder.Path, entry.Name), System.IO.Path.Join(folder.FullPath, entry.Name), entry.Facts?.Node.Device ?? folder.Device);
        if (subfolder.Device != folder.Device && MountPoint.OfOrNull(subfolder.FullPath) is { IsKernels: true } mount)
            Skip(subfolder.Path, $"the system shows itself in it ({mount.FileSystem}): it holds no files.");
        else if (folder.IsDeep && !passedOver.Contains(subfolder.FullPath))
            subfolders.Add(subfolder);
    }

    /// <summary>What a link to a file leads to, by the link's name; null, and listed, for a link that is not followed.</summary>
    private FolderEntry? TargetOrNull(ScanFolder folder, FolderEntry link)
    {
        var path = Join(folder.Path, link.Name);
        var real = RealPath.Of(System.IO.Path.Join(folder.FullPath, link.Name));
        if (FileFacts.OfOrNull(real) is not { } target)
        {
            if (link.Kind is not null || System.IO.Path.GetExtension(link.Name).Length == 0)
                Skip(path, "it is a link that leads nowhere. Remove it, or bring back what it leads to.");
            return null;
        }

        if (!RealPath.IsInside(real, root))
            Skip(path, "it is a link that leads out of the library. Add the folder it leads to as a library of its own.");
        else if (target.Type == FileType.Folder)
            Skip(path, FolderLinkReason(System.IO.Path.GetRelativePath(root, real)));
        else
            return link with { Type = target.Type, Facts = target };
        return null;
    }

    private string FolderLinkReason(string target) => !includeHidden && target.Split('/').Any(part => HiddenNames.IsHidden(part))
        ? $"it is a link to the folder '{target}' of this library, which is passed over because it is hidden."
        : $"it is a link to the folder '{target}' of this library, which is looked at where it lies.";

    /// <summary>Bytes that are no UTF-8 arrive as U+FFFD, and then no such name exists; a name that really holds U+FFFD does.</summary>
    /// <param name="met">Such names met in this folder: a second one that looks the same is not the one that can be opened.</param>
    private static bool IsUnopenable(ScanFolder folder, string name, HashSet<string> met) =>
        name.Contains('\uFFFD') && (!System.IO.Path.Exists(System.IO.Path.Join(folder.FullPath, name)) || !met.Add(name));

    private static string Join(string folder, string name) => AssetStore.JoinPath(folder, name);

    private void Skip(string path, string reason) => _skipped.Add(new SkippedPath(path, reason));
}
