namespace Vitrine.Storage;

/// <summary>What can hold work up without any file being to blame. The gravest first.</summary>
public enum OutageKind
{
    /// <summary>The database's file was taken away or exchanged while it is open. Over when it is back.</summary>
    DatabaseFile,

    /// <summary>Pages of the database were found damaged. Over with the next start.</summary>
    DatabaseDamage,

    /// <summary>Nothing can be committed: a full disk, a server that is away. Over with the next commit.</summary>
    DatabaseWriting,

    /// <summary>The database cannot be read. Over with the next read that succeeds.</summary>
    DatabaseReading,

    /// <summary>Thumbnails and previews cannot be written. Over with the next one that is.</summary>
    DerivedFiles,

    /// <summary>No decoder can be started. Over when one answers.</summary>
    Decoders,
}
