using System.Security.Cryptography;
using Vitrine.Storage;

namespace Vitrine.Images;

/// <summary>Reads a file once: into memory and through both hashes, piece by piece while it is in the processor's cache.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FileReader : IDisposable
{
    /// <summary>A longer file is hashed as a stream, and decoded from its path.</summary>
    public const int MaxBytesInMemory = 64 << 20;

    private const int PieceBytes = 128 << 10;
    private Microsoft.Win32.SafeHandles.SafeFileHandle? _file;
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
#pragma warning disable CA5351 // MD5 is not for safety here: it is the name by which booru sites know a file.
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351

    /// <summary>The file's first bytes after <see cref="Read"/>: all of it when <see cref="HasAll"/>.</summary>
    public FileBuffer Buffer { get; } = new();

    public bool HasAll { get; private set; }

    /// <summary>By which the file that was read last can be opened again until it is let go, whatever lies at its own path by then.</summary>
    public string OpenPath { get; private set; } = "";

    /// <param name="fence">The folder that must hold the file, links resolved; null for any place.</param>
    /// <exception cref="FenceException">It is no regular file, or lies outside the fence.</exception>
    /// <exception cref="IOException">The file vanished or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public FileIdentity Read(string path, string? fence = null)
    {
        var file = Open(path, fence);
        var length = RandomAccess.GetLength(file);
        Buffer.Resize((int)Math.Min(length, MaxBytesInMemory));
        var inMemory = Fill(file, hash: true);
        HasAll = inMemory == length;
        var size = (long)inMemory;
        if (length > MaxBytesInMemory)
            size += HashRest(file, inMemory);
        else
            Buffer.Truncate(inMemory);
        return new FileIdentity(_sha256.GetHashAndReset(), _md5.GetHashAndReset(), size);
    }

    /// <summary>As <see cref="Read"/>, without the hashes and only what fits into memory.</summary>
    public void ReadWithoutHashing(string path)
    {
        var file = Open(path, fence: null);
        var length = RandomAccess.GetLength(file);
        Buffer.Resize((int)Math.Min(length, MaxBytesInMemory));
        Buffer.Truncate(Fill(file, hash: false));
        HasAll = Buffer.Length == length;
    }

    /// <summary>Closes the file: one that is held cannot be written by others, and its drive cannot be taken out.</summary>
    public void LetGo()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose()
    {
        LetGo();
        _sha256.Dispose();
        _md5.Dispose();
        ((IDisposable)Buffer).Dispose();
    }

    private Microsoft.Win32.SafeHandles.SafeFileHandle Open(string path, string? fence)
    {
        LetGo();
        var file = FencedFile.Open(path, fence, FileOptions.SequentialScan);
        OpenPath = OperatingSystem.IsLinux() ? $"/proc/self/fd/{file.DangerousGetHandle()}" : path;
        return _file = file;
    }

    /// <returns>Bytes read: fewer than the buffer holds when the file was cut meanwhile.</returns>
    private int Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, bool hash)
    {
        var at = 0;
        while (at < Buffer.Length)
        {
            var piece = Buffer.GetSpan().Slice(at, Math.Min(PieceBytes, Buffer.Length - at));
            var got = RandomAccess.Read(file, piece, at);
            if (got == 0)
                break;
            if (hash)
                Hash(piece[..got]);
            at += got;
        }
        return at;
    }

    private long HashRest(Microsoft.Win32.SafeHandles.SafeFileHandle file, long from)
    {
        var piece = new byte[PieceBytes];
        var at = from;
        while (RandomAccess.Read(file, piece, at) is var got and > 0)
        {
            Hash(piece.AsSpan(0, got));
            at += got;
        }
        return at - from;
    }

    private void Hash(ReadOnlySpan<byte> piece)
    {
        _sha256.AppendData(piece);
        _md5.AppendData(piece);
    }
}
