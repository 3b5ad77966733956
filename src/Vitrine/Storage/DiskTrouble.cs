using System.Security;

namespace Vitrine.Storage;

/// <summary>Which exceptions of a file operation tell of the disk, not of a mistake in the program or of what a file contains.</summary>
/// <remarks>
/// Not all of them are an <see cref="IOException"/>. The runtime turns EACCES and EPERM into <see cref="UnauthorizedAccessException"/>, and EFBIG
/// (a quota or a limit of file sizes is reached, or the 4 GiB of a FAT drive) into an <see cref="ArgumentOutOfRangeException"/> of "value"; what a file
/// system or a special file cannot do at all is a <see cref="NotSupportedException"/>.
/// </remarks>
public static class DiskTrouble
{
    /// <summary>ENOSPC; a quota's EDQUOT differs between systems.</summary>
    private const int NoSpace = 28;

    /// <summary>Whether an exception that came out of a file operation is the disk's.</summary>
    public static bool Is(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or SecurityException || IsTooLarge(exception);

    /// <summary>The same trouble as an <see cref="IOException"/>, for contracts that name only that one.</summary>
    public static IOException ToIOException(Exception exception) => exception as IOException ?? new IOException(Describe(exception), exception);

    /// <summary>Whether there is no room: the disk is full, or a quota or a limit of file sizes is reached.</summary>
    public static bool IsFull(Exception exception) => IsTooLarge(exception) || (exception is IOException && IsCodeOfFull(exception.HResult))
        || (exception.InnerException is { } inner && IsFull(inner));

    /// <summary>What happened, for a person.</summary>
    public static string Describe(Exception exception) => IsTooLarge(exception)
        ? "The file system takes no more of this file: a quota or a limit of file sizes is reached."
        : exception.Message;

    private static bool IsCodeOfFull(int code) => OperatingSystem.IsWindows()
        ? code is unchecked((int)0x80070070) or unchecked((int)0x80070027)
        : code == NoSpace || code == (OperatingSystem.IsMacOS() ? 69 : 122);

    private static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };
}
