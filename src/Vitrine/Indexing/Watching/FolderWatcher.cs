using System.Threading.Channels;
using Vitrine.Libraries;
using Vitrine.Storage;

namespace Vitrine.Indexing.Watching;

/// <summary>Watches by <see cref="FileSystemWatcher"/>: on Linux one inotify watch per folder, all from one instance.</summary>
/// <remarks>What lies behind a link is told of where it lies, not under the link's path: the next scan of everything finds that.</remarks>
internal sealed class FolderWatcher(VitrineOptions options) : IFolderWatcher
{
    /// <summary><c>ENOSPC</c> of inotify_add_watch and <c>EMFILE</c> of inotify_init, as the runtime hands them on.</summary>
    private const int NoSpace = 28, TooManyOpen = 24;

    public IDisposable Watch(Library library, ChannelWriter<WatchedChange[]> changes)
    {
        var place = new WatchedPlace(library.Path, library.IncludeHidden, options.OwnFolders);
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(library.Path)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            watcher.Created += (_, e) => Tell(changes, place.Came(e.FullPath));
            watcher.Changed += (_, e) => Tell(changes, place.Changed(e.FullPath));
            watcher.Deleted += (_, e) => Tell(changes, place.Went(e.FullPath));
            watcher.Renamed += (_, e) => Tell(changes, place.Went(e.OldFullPath), place.Came(e.FullPath));
            watcher.Error += (_, e) => Tell(changes, Trouble(e.GetException()));
            watcher.EnableRaisingEvents = true;
            if (MountPoint.OfOrNull(library.Path) is { IsNetwork: true } share)
                Tell(changes, new WatchedChange(WatchedChangeKind.Blind, Note: $"It lies on a network drive ({share.FileSystem}), which does not tell of what other machines change."));
            return watcher;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception) || exception is ArgumentException)
        {
            watcher?.Dispose();
            Tell(changes, Trouble(exception));
            return new MemoryStream(); // nothing to end
        }
    }

    /// <summary>An overflow loses changes once; a limit loses them from now on.</summary>
    internal static WatchedChange Trouble(Exception exception) => exception switch
    {
        InternalBufferOverflowException => new WatchedChange(WatchedChangeKind.Everything),
        IOException { HResult: NoSpace } => new WatchedChange(
            WatchedChangeKind.Blind, Note: "The system's limit of watched folders is reached: raise fs.inotify.max_user_watches (sysctl fs.inotify.max_user_watches=524288)."),
        IOException { HResult: TooManyOpen } => new WatchedChange(
            WatchedChangeKind.Blind, Note: "The system's limit of watching programs is reached: raise fs.inotify.max_user_instances (sysctl fs.inotify.max_user_instances=512)."),
        _ => new WatchedChange(WatchedChangeKind.Blind, Note: $"Some folders cannot be watched: {exception.Message}"),
    };

    /// <summary>A channel that is full has lost a change: its reader is told to look at everything when it comes to its end.</summary>
    private static void Tell(ChannelWriter<WatchedChange[]> changes, params ReadOnlySpan<WatchedChange?> happened)
    {
        WatchedChange[] told = [.. happened.ToArray().OfType<WatchedChange>()];
        if (told.Length > 0)
            changes.TryWrite(told);
    }
}
