using System.Collections.Concurrent;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>
/// Finds what moved among what vanished: a file that arrived with the same size and time is looked into, and is the same file
/// when its content is. A file that was never read has no content to compare: then the same name will do.
/// </summary>
internal sealed class MovedFiles(ScanIntake intake, VitrineOptions options)
{
    /// <summary>Pairs of each asset that moved and the row of its new place; nothing is changed yet.</summary>
    /// <param name="root">Of the library.</param>
    public async Task<IReadOnlyList<MovedFile>> FindAsync(ScanSession scan, string root, JobReport report, CancellationToken cancellationToken)
    {
        if (scan.Vanished.Count == 0)
            return [];
        var arrived = intake.ArrivedAs(scan, scan.Vanished.Values.Select(vanished => vanished.Stamp).ToHashSet());
        if (arrived.Count == 0)
            return [];
        var stamps = arrived.Select(file => file.Stamp).ToHashSet();
        VanishedFile[] vanished = [.. scan.Vanished.Values.Where(file => stamps.Contains(file.Stamp))];
        var known = intake.Contents([.. vanished.Select(file => file.AssetId)]);
        var read = vanished.Where(file => known.ContainsKey(file.AssetId)).Select(file => file.Stamp).ToHashSet();
        var contents = await ReadAsync([.. arrived.Where(file => read.Contains(file.Stamp))], root, report, cancellationToken);
        return Match(vanished, known, arrived, contents);
    }

    /// <summary>
    /// Pairs by content, then by name where there is none to compare. Of several equal files those with the same name belong together,
    /// the rest in the order of their ids.
    /// </summary>
    internal static IReadOnlyList<MovedFile> Match(
        IReadOnlyList<VanishedFile> vanished,
        IReadOnlyDictionary<long, byte[]> known,
        IReadOnlyList<ArrivedFile> arrived,
        IReadOnlyDictionary<long, byte[]> contents)
    {
        var moved = new List<MovedFile>();
        var taken = new HashSet<long>();
        Pair(vanished.Where(file => known.ContainsKey(file.AssetId)), file => (file.Stamp, Convert.ToHexString(known[file.AssetId]), file.Name));
        Pair(vanished.Where(file => known.ContainsKey(file.AssetId)), file => (file.Stamp, Convert.ToHexString(known[file.AssetId]), ""));
        Pair(vanished.Where(file => !known.ContainsKey(file.AssetId)), file => (file.Stamp, "", file.Name));
        return moved;

        void Pair(IEnumerable<VanishedFile> gone, Func<VanishedFile, (FileStamp Stamp, string Content, string Name)> likeness)
        {
            var left = gone.Where(file => !taken.Contains(file.AssetId)).OrderBy(file => file.AssetId).ToList();
            if (left.Count == 0)
                return;
            var first = likeness(left[0]);
            var places = arrived.Where(file => !taken.Contains(file.AssetId)).GroupBy(file => (
                    file.Stamp,
                    first.Content.Length == 0 ? "" : contents.TryGetValue(file.AssetId, out var content) ? Convert.ToHexString(content) : "unread",
                    first.Name.Length == 0 ? "" : file.Name))
                .ToDictionary(group => group.Key, group => new Queue<ArrivedFile>(group));
            foreach (var file in left)
            {
                if (!places.TryGetValue(likeness(file), out var same) || !same.TryDequeue(out var place))
                    continue;
                moved.Add(new MovedFile(file.AssetId, place.AssetId));
                taken.Add(file.AssetId);
                taken.Add(place.AssetId);
            }
        }
    }

    /// <summary>The content of each file that can be read and is still what the scan saw.</summary>
    private async Task<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        IReadOnlyList<ArrivedFile> files, string root, JobReport report, CancellationToken cancellationToken)
    {
        var contents = new ConcurrentDictionary<long, byte[]>();
        var done = 0;
        var reading = new ParallelOptions { MaxDegreeOfParallelism = options.Indexing.Readers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(files, reading, async (file, stop) =>
        {
            if ((file.Sha256 ?? await FileContent.Sha256OrNullAsync(root, file.Path, file.Stamp, stop)) is { } content)
                contents[file.AssetId] = content;
            var count = Interlocked.Increment(ref done);
            if (count % 100 == 1 || count == files.Count)
                report.Say($"confirming moves: {count:N0} of {files.Count:N0} files");
        });
        return contents;
    }
}
