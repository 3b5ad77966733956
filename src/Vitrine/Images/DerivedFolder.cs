using System.Text.RegularExpressions;
using Vitrine.Storage;

namespace Vitrine.Images;

/// <summary>
/// Derived pictures in a folder, by content. Written to a temporary name, then renamed: a name that exists is whole.
/// </summary>
public sealed partial class DerivedFolder : IDerivedFiles
{
    /// <summary>Nobody takes so long to write a thumbnail.</summary>
    private static readonly TimeSpan s_leftOver = TimeSpan.FromHours(1);

    /// <summary>More than a thumbnail usually has.</summary>
    private const int ProbeBytes = 64 << 10;

    private const string Probe = "probe.";

    private readonly string _folder;
    private readonly string _temporary;
    private readonly string _thumbnails;

    /// <param name="folder">Made when it is missing; left-over temporary files of stopped processes are removed.</param>
    /// <param name="shared">Whether other processes write there now: then only old temporary files are left-over ones.</param>
    public DerivedFolder(string folder, bool shared, TimeProvider time)
    {
        _folder = folder;
        _temporary = Path.Join(folder, "tmp");
        Directory.CreateDirectory(_temporary);
        if (shared)
            CacheTag.Write(folder); // where it is the data folder, that is marked
        _thumbnails = Path.Join(folder, DerivedName.Thumbnails);
        IEnumerable<FileInfo> probes = Directory.Exists(_thumbnails) ? new DirectoryInfo(_thumbnails).EnumerateFiles($"{Probe}*") : [];
        // In a folder that a person keeps as well, 'tmp' may be that person's.
        foreach (var file in new DirectoryInfo(_temporary).EnumerateFiles().Where(file => IsUnfinished(file.Name)).Concat(probes))
        {
            if (!shared || file.LastWriteTimeUtc < time.GetUtcNow() - s_leftOver)
                file.Delete();
        }
    }

    public string Description => _folder;

    /// <summary>Whether a file of this name in <c>tmp</c> is one that was being written, and not a person's.</summary>
    public static bool IsUnfinished(string name) => Unfinished().IsMatch(name);

    public string PathOf(DerivedName name) => Path.Join(_folder, name.Key);

    public Task<string?> FindOrNullAsync(DerivedName name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        return Task.FromResult(File.Exists(path) ? path : null);
    }

    public Task WriteAsync(DerivedName name, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(name);
        var temporary = Path.Join(_temporary, $"{Path.GetFileNameWithoutExtension(path)}.{Guid.CreateVersion7():N}");
        try
        {
            // At once, on the caller's thread: a few kilobytes take less time than to hand them to another thread and back.
            File.WriteAllBytes(temporary, picture.Span);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            File.Delete(temporary);
            throw DiskTrouble.ToIOException(exception);
        }
    }

    public Task<bool> IsWritableAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = $"{Probe}{Guid.CreateVersion7():N}";
        var (probe, moved) = (Path.Join(_temporary, name), Path.Join(_thumbnails, name));
        try
        {
            try
            {
                // All the way of a thumbnail: where it ends may be another disk than where it begins.
                File.WriteAllBytes(probe, new byte[ProbeBytes]);
                Directory.CreateDirectory(_thumbnails);
                File.Move(probe, moved, overwrite: true);
            }
            finally
            {
                // Where a folder is gone, this throws too; a move to another disk that broke off leaves part of a file there.
                File.Delete(probe);
                File.Delete(moved);
            }

            return Task.FromResult(true);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return Task.FromResult(false);
        }
    }

    public async Task<bool> TakeOverAsync(DerivedName name, string file, CancellationToken cancellationToken)
    {
        if (File.Exists(PathOf(name)))
            return false;
        await WriteAsync(name, await File.ReadAllBytesAsync(file, cancellationToken), cancellationToken);
        return true;
    }

    [GeneratedRegex("^([0-9a-f]{64}|probe)\\.[0-9a-f]{32}$")]
    private static partial Regex Unfinished();
}
