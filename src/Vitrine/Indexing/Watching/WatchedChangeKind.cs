namespace Vitrine.Indexing.Watching;

internal enum WatchedChangeKind
{
    /// <summary>A file, or a picture's sidecar, came, changed or went.</summary>
    File,

    /// <summary>A folder came, or may be read otherwise than before.</summary>
    Folder,

    /// <summary>Something went that may have been a folder.</summary>
    Gone,

    /// <summary>Changes were missed: only a look at everything tells which.</summary>
    Everything,

    /// <summary>Some changes will not be noticed from now on, for a reason that a person can mend.</summary>
    Blind,
}
