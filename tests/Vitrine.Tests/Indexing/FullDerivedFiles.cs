using Vitrine.Images;

namespace Vitrine.Tests.Indexing;

/// <summary>A place for thumbnails that a test fills and clears. While it is full, nothing can be written there, and the trouble is the system's own.</summary>
internal sealed class FullDerivedFiles(IDerivedFiles files, string scratch) : IDerivedFiles
{
    /// <summary>Whether nothing can be written.</summary>
    public bool IsFull { get; set; }

    /// <summary>What a write throws although the disk is healthy; null for nothing.</summary>
    public Exception? Mistake { get; set; }

    /// <summary>Looking for this one throws <see cref="Mistake"/>, writing does not; null for writing any.</summary>
    public string? MistakeAt { get; set; }

    public string Description => files.Description;

    public Task<string?> FindOrNullAsync(DerivedName name, CancellationToken cancellationToken) =>
        Mistake is not null && name.Key == MistakeAt ? throw Mistake : files.FindOrNullAsync(name, cancellationToken);

    public Task<bool> IsWritableAsync(CancellationToken cancellationToken) => IsFull ? Task.FromResult(false) : files.IsWritableAsync(cancellationToken);

    public Task WriteAsync(DerivedName name, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        if (Mistake is not null && MistakeAt is null)
            throw Mistake;
        if (IsFull)
        {
            using var file = File.OpenHandle(Path.Join(scratch, "full"), FileMode.Create, FileAccess.Write);
            RandomAccess.SetLength(file, long.MaxValue);
        }

        return files.WriteAsync(name, picture, cancellationToken);
    }

    public Task<bool> TakeOverAsync(DerivedName name, string file, CancellationToken cancellationToken) => files.TakeOverAsync(name, file, cancellationToken);
}
