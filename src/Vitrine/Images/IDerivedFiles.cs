namespace Vitrine.Images;

/// <summary>
/// Where thumbnails and previews are kept, for one process or for all that share a database. A name that is there is whole, and
/// writing it twice is harmless.
/// </summary>
/// <remarks>Thread-safe, also over processes.</remarks>
public interface IDerivedFiles
{
    /// <summary>Kept where: for people.</summary>
    string Description { get; }

    /// <summary>A file of this machine that holds the picture; null when it has not been made.</summary>
    /// <exception cref="IOException">Where it is kept cannot be read.</exception>
    Task<string?> FindOrNullAsync(DerivedName name, CancellationToken cancellationToken);

    /// <exception cref="IOException">The disk is full or cannot be written, or the store cannot be reached; nothing half is left behind.</exception>
    Task WriteAsync(DerivedName name, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken);

    /// <summary>Whether anything can be written there now. When it cannot, trouble with one picture is not that picture's.</summary>
    Task<bool> IsWritableAsync(CancellationToken cancellationToken);

    /// <summary>Takes over a picture that was made elsewhere.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="file">A whole one, of this machine; it is only read.</param>
    /// <param name="cancellationToken">Ends it; nothing half is left behind.</param>
    /// <returns>False when it was there already.</returns>
    /// <exception cref="IOException">As <see cref="WriteAsync"/>, or the file cannot be read.</exception>
    Task<bool> TakeOverAsync(DerivedName name, string file, CancellationToken cancellationToken);
}
