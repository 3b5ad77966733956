namespace Vitrine.Storage;

/// <summary>What a name in a folder stands for.</summary>
public enum FileType
{
    /// <summary>A regular file: bytes with a length.</summary>
    File,

    Folder,

    Link,

    /// <summary>A named pipe, a socket or a device. Opening one may wait for ever, or do something.</summary>
    Special,
}
