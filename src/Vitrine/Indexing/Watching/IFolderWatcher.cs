using System.Threading.Channels;
using Vitrine.Libraries;

namespace Vitrine.Indexing.Watching;

/// <summary>The edge to the system that tells of changes below a folder.</summary>
internal interface IFolderWatcher
{
    /// <summary>
    /// Tells of every change below the library's root from now on, until it is disposed; takes its time where there are many folders.
    /// It says itself when it cannot: <see cref="WatchedChangeKind.Blind"/>.
    /// </summary>
    /// <param name="changes">Each at once with what happened together with it: both ends of a move.</param>
    IDisposable Watch(Library library, ChannelWriter<WatchedChange[]> changes);
}
