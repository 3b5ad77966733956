using Vitrine.Indexing;
using Vitrine.Libraries;
using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>The files of a library as a disk has them, and a scan that meets them in chunks while other things happen.</summary>
internal sealed class LibraryOnDisk(long id)
{
    private readonly SortedDictionary<string, long> _files = new(StringComparer.Ordinal);
    private Queue<ScannedFiles>? _chunks;
    private ScanSession? _session;
    private long _clock = 1;

    public long Id => id;

    public IEnumerable<string> Paths => _files.Keys;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Add(int pick) => _files.TryAdd($"{"abc"[pick % 3]}/{pick % 12}.jpg", _clock++);

    /// <summary>Into another folder, under its name and with its time.</summary>
    public void Move(int pick)
    {
        if (_files.Count == 0)
            return;
        var (path, time) = _files.ElementAt(pick % _files.Count);
        var target = $"{"abc"[(pick / 7) % 3]}/{Path.GetFileName(path)}";
        if (_files.TryAdd(target, time))
            _files.Remove(path);
    }

    public void Change(int pick)
    {
        if (_files.Count > 0)
            _files[_files.Keys.ElementAt(pick % _files.Count)] = _clock++;
    }

    public void Remove(int pick)
    {
        if (_files.Count > 0)
            _files.Remove(_files.Keys.ElementAt(pick % _files.Count));
    }

    /// <summary>Begins a scan of what is there now, unless one runs.</summary>
    public async Task BeginScanAsync(Stores stores, long? group)
    {
        if (_session is not null)
            return;
        _session = new ScanSession(id, group ?? await stores.BeginScanAsync(id, Token));
        _chunks = new Queue<ScannedFiles>(_files.GroupBy(file => Path.GetDirectoryName(file.Key)!).SelectMany(Chunks));
    }

    /// <summary>Commits the next chunk, or ends the scan; false when none runs.</summary>
    public async Task<bool> ContinueScanAsync(Stores stores)
    {
        if (_session is not { } session)
            return false;
        if (_chunks!.TryDequeue(out var chunk))
        {
            await stores.Intake.TakeInAsync(session, [chunk], Token);
            return true;
        }

        await SettleAsync(stores.Intake, session);
        await stores.Libraries.EndScanAsync(id, session.TaskGroupId, Token);
        StopScan();
        return true;
    }

    private static async Task SettleAsync(ScanIntake intake, ScanSession session)
    {
        intake.GatherVanishedFolders(session, _ => true);
        var arrived = intake.ArrivedAs(session, session.Vanished.Values.Select(vanished => vanished.Stamp).ToHashSet());
        // Nothing is ever read here, so that a file is known by its name and time.
        var moved = MovedFiles.Match([.. session.Vanished.Values], new Dictionary<long, byte[]>(), arrived, new Dictionary<long, byte[]>());
        await intake.MoveAsync(session, moved, Token);
        foreach (var file in moved)
            session.Vanished.Remove(file.AssetId);
        await intake.RemoveVanishedAsync(session, Token);
        await intake.EndSettlingAsync(session, Token);
    }

    public void StopScan() => (_session, _chunks) = (null, null);

    private static IEnumerable<ScannedFiles> Chunks(IGrouping<string, KeyValuePair<string, long>> folder)
    {
        var files = folder.Select(file => new ScannedFile(Path.GetFileName(file.Key), AssetKind.Image, 1, file.Value)).ToList();
        yield return new ScannedFiles(folder.Key, [.. files.Take(files.Count / 2)], IsLast: false);
        yield return new ScannedFiles(folder.Key, [.. files.Skip(files.Count / 2)], IsLast: true);
    }
}
