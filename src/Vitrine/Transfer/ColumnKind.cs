namespace Vitrine.Transfer;

/// <summary>What a column holds, and what becomes of it on the way.</summary>
internal enum ColumnKind
{
    /// <summary>A whole number.</summary>
    Number,

    /// <summary>0 or 1 in SQLite.</summary>
    Flag,

    /// <summary>A floating-point number.</summary>
    Real,

    /// <summary>Text; a NUL character, which PostgreSQL cannot hold, becomes U+FFFD.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>The id of an asset: shifted.</summary>
    Asset,

    /// <summary>The id of a folder: shifted.</summary>
    Folder,

    /// <summary>The id of a library or task group: shifted.</summary>
    Scope,

    /// <summary>The id of a tag: that of the tag of the same name.</summary>
    Tag,

    /// <summary>The id of an embedding space: that of the space of the same name.</summary>
    Space,
}
