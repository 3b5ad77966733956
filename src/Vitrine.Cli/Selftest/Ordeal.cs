using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Selftest;

/// <summary>Imports the folder while the server, its decoders, its disk and the folder itself are disturbed; then lets all of it settle.</summary>
internal sealed class Ordeal(TestedFolder folder, string dataFolder, Random random, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(5);

    private readonly StreamWriter _log = new(Path.Join(Path.GetDirectoryName(dataFolder)!, "server.log"));
    private TestedServer? _server;
    private string? _library;
    private DateTimeOffset? _fullUntil;

    public Disturbances Done { get; } = new();

    /// <summary>What the server did that no disturbance explains.</summary>
    public List<Violation> Misbehaviour { get; } = [];

    /// <summary>The server before the first disturbance: the folder is its library.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        _server = await TestedServer.StartAsync(dataFolder, cancellationToken);
        _library = (await _server.Client.AddAsync(new NewLibrary(folder.Root), cancellationToken)).Library.LibraryId;
    }

    public async Task DisturbAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < duration)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(10, 200)), time, cancellationToken);
            if (_fullUntil is { } until && time.GetUtcNow() >= until)
                MakeRoom();
            if (_server!.HasDied)
                await ReplaceDeadAsync(cancellationToken);
            await DisturbOnceAsync(cancellationToken);
        }

        MakeRoom();
    }

    /// <summary>
    /// Nothing is disturbed any more: scans until the rows are those of the folder, and tries once more what failed while it was disturbed.
    /// </summary>
    /// <returns>The library as the API shows it when all is done.</returns>
    /// <exception cref="CommandException">It does not come to an end.</exception>
    public async Task<LibraryItem> SettleAsync(CancellationToken cancellationToken)
    {
        if (_server!.HasDied)
            await ReplaceDeadAsync(cancellationToken);
        await _server!.Client.WorkAsync($"api/libraries/{_library}/resume", cancellationToken);
        await WhenCompleteAsync(cancellationToken); // a scan under way may be past what changed
        await _server.Client.WorkAsync($"api/libraries/{_library}/scan", cancellationToken);
        await WhenCompleteAsync(cancellationToken);
        await CheckPassingFailuresAsync(cancellationToken);
        await _server.Client.WorkAsync($"api/libraries/{_library}/retry-failed", cancellationToken);
        await WhenCompleteAsync(cancellationToken);
        await _server.Client.WorkAsync($"api/libraries/{_library}/scan", cancellationToken);
        return await WhenCompleteAsync(cancellationToken);
    }

    /// <summary>Stops the server as a system does, when nothing is left to do.</summary>
    public async Task EndAsync()
    {
        var (exitCode, log) = await _server!.TerminateAsync();
        Keep(log);
        if (exitCode != ExitCode.Done)
            Misbehaviour.Add(new Violation(null, $"told to stop when it was idle, the server ended with {exitCode}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            if (!_server.HasDied)
                Keep(await _server.KillAsync());
            await _server.DisposeAsync();
        }

        await _log.DisposeAsync();
    }

    private async Task DisturbOnceAsync(CancellationToken cancellationToken)
    {
        switch (random.Next(100))
        {
            case < 40:
                if (_server!.KillDecoder(random))
                    Done.DecoderKills++;
                break;
            case < 47:
                Keep(await _server!.KillAsync());
                Done.ServerKills++;
                await RestartAsync(cancellationToken);
                break;
            case < 49:
                MakeRoom(); // handing back needs a disk; that it may lack one is what kills are for
                var (exitCode, log) = await _server!.TerminateAsync();
                Keep(log);
                Done.ServerStops++;
                if (exitCode != ExitCode.Done)
                    Misbehaviour.Add(new Violation(null, $"told to stop, the server ended with {exitCode}"));
                await RestartAsync(cancellationToken);
                break;
            case < 56:
                FillDisk();
                break;
            case < 80:
                ChangeFolder();
                await AskAsync("scan", cancellationToken);
                break;
            case < 90:
                await AskAsync("scan", cancellationToken);
                break;
            case < 93:
                await AskAsync("pause", cancellationToken);
                break;
            case < 97:
                await AskAsync("resume", cancellationToken);
                break;
            default:
                await AskAsync("retry-failed", cancellationToken);
                break;
        }
    }

    private void ChangeFolder()
    {
        for (var count = random.Next(1, 12); count > 0; count--)
        {
            Action change = random.Next(10) switch
            {
                < 4 => folder.Add,
                < 6 => folder.Change,
                < 8 => folder.Move,
                < 9 => folder.Delete,
                _ => folder.MoveFolder,
            };
            change();
            Done.FolderChanges++;
        }
    }

    private void FillDisk()
    {
        if (!FileSizeLimit.IsSupported || _fullUntil is not null)
            return;
        ulong[] sizes = [0, 3_000, 20_000, 200_000, 2_000_000];
        if (!_server!.TryLimitFiles(sizes[random.Next(sizes.Length)]))
            return;
        var duration = TimeSpan.FromMilliseconds(random.Next(200, 3000));
        _fullUntil = time.GetUtcNow() + duration;
        Done.FullDisks++;
        Done.FullDiskSeconds += duration.TotalSeconds;
    }

    private void MakeRoom()
    {
        if (_fullUntil is not null)
            _server!.TryLimitFiles(null);
        _fullUntil = null;
    }

    private async Task AskAsync(string what, CancellationToken cancellationToken)
    {
        Done.Requests++;
        try
        {
            await _server!.Client.WorkAsync($"api/libraries/{_library}/{what}", cancellationToken);
        }
        catch (CommandException exception)
        {
            Done.RefusedRequests++;
            if (exception.Message.Contains("did not answer", StringComparison.Ordinal))
                Misbehaviour.Add(new Violation(null, $"{what} was not answered: {exception.Message}"));
            if (exception.Message.Contains("Something went wrong in the server", StringComparison.Ordinal))
                Misbehaviour.Add(new Violation(null, $"{what} was answered with an unexpected error{(_fullUntil is null ? "" : " while the disk was full")}"));
        }
    }

    private async Task ReplaceDeadAsync(CancellationToken cancellationToken)
    {
        var log = await _server!.EndedAsync();
        Keep(log);
        Misbehaviour.Add(new Violation(null, $"the server ended by itself{(_fullUntil is null ? "" : " while the disk was full")}: {log[Math.Max(0, log.Length - 1500)..].Trim()}"));
        await RestartAsync(cancellationToken);
    }

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        _fullUntil = null;
        await _server!.DisposeAsync();
        _server = await TestedServer.StartAsync(dataFolder, cancellationToken);
    }

    private void Keep(string log)
    {
        _log.WriteLine(log);
        _log.WriteLine("-- the end of this server --");
        if (log.Contains("Unhandled exception", StringComparison.Ordinal))
            Misbehaviour.Add(new Violation(null, $"an exception that nobody handled: {log[log.IndexOf("Unhandled exception", StringComparison.Ordinal)..][..Math.Min(600, log.Length)]}"));
    }

    /// <summary>Files that should be ready may have failed for what was done to them, and for nothing else.</summary>
    private async Task CheckPassingFailuresAsync(CancellationToken cancellationToken)
    {
        FailureClass[] passing = [FailureClass.DecoderCrashed, FailureClass.TookTooLong, FailureClass.GivenUp];
        var failures = await _server!.Client.FailuresAsync(_library, reason: null, cancellationToken);
        foreach (var failure in failures.Items)
        {
            if (folder.Files.TryGetValue(failure.Path, out var file) && !file.Outcome.Allows(failure.Class) && !passing.Contains(failure.Class))
                Misbehaviour.Add(new Violation(failure.Path, $"failed without a reason that was given to it: {failure.Reason} {failure.Details}"));
        }
    }

    private async Task<LibraryItem> WhenCompleteAsync(CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(s_settling);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), time);
        var last = "";
        try
        {
            while (await timer.WaitForNextTickAsync(late.Token))
            {
                if (_server!.HasDied)
                    throw CommandException.CouldNotRun($"the server ended by itself: {await _server.EndedAsync()}");
                var library = (await _server.Client.LibrariesAsync(late.Token)).Single(item => item.LibraryId == _library);
                last = $"{library.Progress}";
                if (library.Progress is { Scanning: false, Status: ProgressStatus.Complete })
                    return library;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // said below
        }

        throw CommandException.CouldNotRun($"the import did not come to an end within {s_settling.TotalMinutes:N0} minutes: {last}");
    }
}
