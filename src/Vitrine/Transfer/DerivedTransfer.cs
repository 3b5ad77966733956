using Vitrine.Images;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>
/// Copies the thumbnails and previews of libraries from the data folder to where all machines find them. They are named by content: what is
/// there is passed over, so a run that was broken off simply goes on.
/// </summary>
public sealed class DerivedTransfer(TransferSource source, IDerivedFiles place, Action<TransferProgress> report)
{
    /// <summary>Over a network each picture is mostly waiting.</summary>
    private const int AtOnce = 8;

    private const int PageAssets = 1000;

    private long _copied, _bytes, _present, _missing;

    /// <exception cref="IOException">The place cannot be read or written; what was copied stays.</exception>
    /// <exception cref="DatabaseUnavailableException">The source cannot be read.</exception>
    public async Task<TransferredFiles> RunAsync(IReadOnlyList<SourceLibrary> libraries, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        foreach (var library in libraries)
        {
            var (after, done) = (0L, 0L);
            while (Page(library, after) is { Count: > 0 } page)
            {
                report(new TransferProgress(library.Name, TransferStep.Thumbnails, done, library.Assets));
                // Files of one content have one thumbnail: two at once would both copy it.
                await Parallel.ForEachAsync(page.DistinctBy(row => Convert.ToHexString(row.Sha256)), options, TakeOverAsync);
                (after, done) = (page[^1].Id, done + page.Count);
            }
        }

        return new TransferredFiles(place.Description, _copied, _bytes, _present, _missing);
    }

    private List<Row> Page(SourceLibrary library, long after) => source.Read(connection => connection.Query(
        "SELECT id, sha256, thumbnail FROM assets WHERE library_id = @library AND id > @after AND sha256 IS NOT NULL ORDER BY id LIMIT @count",
        row => new Row(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetBoolean(2)),
        ("@library", library.Id), ("@after", after), ("@count", PageAssets)));

    private async ValueTask TakeOverAsync(Row row, CancellationToken cancellationToken)
    {
        if (!await TakeOverAsync(DerivedName.Thumbnail(row.Sha256), cancellationToken) && row.HasThumbnail)
            Interlocked.Increment(ref _missing);
        await TakeOverAsync(DerivedName.Preview(row.Sha256), cancellationToken);
    }

    /// <returns>Whether the data folder has it.</returns>
    private async Task<bool> TakeOverAsync(DerivedName name, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Join(source.DataFolder, name.Key));
        if (!file.Exists)
            return false;
        if (await place.TakeOverAsync(name, file.FullName, cancellationToken))
        {
            Interlocked.Increment(ref _copied);
            Interlocked.Add(ref _bytes, file.Length);
        }
        else
        {
            Interlocked.Increment(ref _present);
        }

        return true;
    }

    private readonly record struct Row(long Id, byte[] Sha256, bool HasThumbnail);
}
