using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Storage;

/// <summary>
/// A folder that is read through a handle: whatever takes its name meanwhile, or that of a folder above it, what is listed lies in the folder that was opened.
/// Elsewhere than on Linux it is read by its name.
/// </summary>
public sealed class HeldFolder : IDisposable
{
    private const int CloseOnExec = 0x80000;

    private readonly string _path;
    private readonly SafeFileHandle? _handle;
    private readonly int _descriptor;

    private HeldFolder(string path, SafeFileHandle? handle) =>
        (_path, _handle, _descriptor) = (path, handle, (int)(handle?.DangerousGetHandle() ?? 0));

    /// <summary>A path by which the system lists it.</summary>
    public string ListedAs => _handle is null ? _path : $"/proc/self/fd/{_descriptor}";

    /// <summary><c>O_RDONLY | O_DIRECTORY</c>, a number that differs from processor to processor: what is no folder is not opened, and no pipe is waited for.</summary>
    private static int FolderOnly => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000;

    /// <param name="path">Absolute.</param>
    /// <param name="fence">The folder that it has to be, or to lie in.</param>
    /// <exception cref="FenceException">It lies outside the fence.</exception>
    /// <exception cref="IOException">It is not there, is no folder, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static HeldFolder Open(string path, string fence)
    {
        if (!OperatingSystem.IsLinux())
            return new HeldFolder(path, null);
        var handle = FencedFile.Open(path, FolderOnly | CloseOnExec);
        if (FencedFile.LiesIn(handle, fence))
            return new HeldFolder(path, handle);
        handle.Dispose();
        throw FencedFile.Outside();
    }

    /// <summary>What the system tells of one of its files, links not followed. One system call, quicker than by a path.</summary>
    /// <returns>Null for a file that is not there.</returns>
    public FileFacts? FactsOrNull(ReadOnlySpan<char> name) => _handle is null
        ? FileFacts.OfOrNull(_path, name, followsLinks: false)
        : FileFacts.OfOrNull(_descriptor, name, followsLinks: false);

    public void Dispose() => _handle?.Dispose();
}
