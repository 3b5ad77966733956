namespace Vitrine.Tags;

/// <summary>Who says that an asset has a tag. Stored as numbers: they keep their meaning.</summary>
public enum TagSource
{
    /// <summary>A person, in Vitrine.</summary>
    User = 0,

    /// <summary>The file's own keywords, or those of its sidecar; replaced when the file is read again.</summary>
    File = 1,
}
