namespace Vitrine.Progress;

/// <summary>Why an asset failed, as far as a person has to know to do something about it. Stored and sent as snake_case words.</summary>
public enum FailureClass
{
    /// <summary>Bytes in the middle are wrong.</summary>
    Damaged,

    /// <summary>The end is missing.</summary>
    CutOff,

    Empty,

    /// <summary>A picture in a format, or a variant of one, that no decoder here reads.</summary>
    NotSupported,

    NoPermission,

    /// <summary>More pixels, or more memory for them, than the limits allow.</summary>
    TooLarge,

    TookTooLong,

    DecoderCrashed,

    NotAPicture,

    /// <summary>It was there when the folder was scanned.</summary>
    Gone,

    /// <summary>The disk or the share did not give it.</summary>
    Unreadable,

    OutsideTheLibrary,

    /// <summary>Work on it was begun many times and never ended.</summary>
    GivenUp,

    /// <summary>The file is fine; what was made of it could not be kept or read again.</summary>
    NoThumbnail,

    Unexpected,
}
