using System.Globalization;
using Vitrine.Libraries;
using Vitrine.Server.Api;
using Vitrine.Work;

namespace Vitrine.Cli.Client;

/// <summary>Answers from the database while no server runs, and changes nothing.</summary>
/// <param name="reader">Null where there is no database yet: then everything is empty.</param>
internal sealed class StoredLibraries(VitrineReader? reader) : ILibraryReader, IDisposable
{
    /// <summary>What was last searched for, so that its pages are slices of one answer.</summary>
    private (string LibraryId, string Query, AssetOrder Found)? _searched;

    public bool IsEmpty => reader is null;

    public Task<IReadOnlyList<LibraryItem>> LibrariesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LibraryItem>>(
        reader is null
            ? []
            : [.. reader.Libraries.All().Select(library => LibraryItem.OfOrNull(library, reader.Libraries, reader.Progress, reader.Followed)).OfType<LibraryItem>()]);

    /// <remarks>On the embedded database only the process that holds the data folder works; whoever else is on the list has died.</remarks>
    public Task<WorkerList> WorkersAsync(CancellationToken cancellationToken) => Task.FromResult(new WorkerList(
        reader is { IsShared: true } ? [.. reader.Workers.All().Select(worker => WorkerItem.Of(worker, reader.Time.GetUtcNow()))] : []));

    /// <remarks>Without a server nothing works that could be held up.</remarks>
    public Task<string?> HeldUpAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<FailurePage> FailuresAsync(string? libraryId, string? reason, CancellationToken cancellationToken)
    {
        if (reader is null)
            return Task.FromResult(new FailurePage(0, 0, [], []));
        var (total, items) = reader.Failures.Page(IdOrNull(libraryId), 0, int.MaxValue, reason);
        IReadOnlyList<SkippedPath> skipped = IdOrNull(libraryId) is { } one
            ? reader.Libraries.Skipped(one)
            : [.. reader.Libraries.All().SelectMany(library => reader.Libraries.Skipped(library.Id))];
        return Task.FromResult(new FailurePage(total, 0, [.. items.Select(FailureItem.Of)], skipped));
    }

    public Task<FailureReasonList> FailureReasonsAsync(string? libraryId, CancellationToken cancellationToken)
    {
        if (reader is null)
            return Task.FromResult(new FailureReasonList(0, []));
        var groups = reader.Failures.Groups(IdOrNull(libraryId)).Select(FailureReasonItem.Of);
        return Task.FromResult(new FailureReasonList(reader.Failures.Page(IdOrNull(libraryId), 0, 1).Total, [.. groups]));
    }

    public Task<JobList> JobsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new JobList(reader is null ? [] : [.. reader.Jobs.All().Select(job => ItemOf(reader, job))]));

    public Task<JobFacts?> JobFactsOrNullAsync(string name, CancellationToken cancellationToken)
    {
        if (reader is null || reader.Jobs.Runs(name) is not [var last, ..] runs)
            return Task.FromResult<JobFacts?>(null);
        return Task.FromResult<JobFacts?>(new JobFacts(
            ItemOf(reader, last), [.. runs.Select(run => ItemOf(reader, run))], [.. reader.Jobs.Lines(last.RunId).Select(JobLineItem.Of)]));
    }

    public Task<AssetPage> SearchAsync(string libraryId, string query, long offset, int limit, CancellationToken cancellationToken)
    {
        if (reader is null)
            return Task.FromResult(new AssetPage(0, offset, [], new Coverage(0, 0, null)));
        var found = Search(reader, libraryId, query);
        var total = reader.Progress.SnapshotOrNull(IdOf(libraryId))?.Counts.Total ?? 0;
        return Task.FromResult(new AssetPage(
            found.Count, offset, [.. reader.Assets.Find(found.Slice(offset, limit, descending: false)).Select(AssetItem.Of)], new Coverage(total, total, null)));
    }

    public void Dispose() => reader?.Dispose();

    private AssetOrder Search(VitrineReader database, string libraryId, string query)
    {
        if (_searched is { } before && (before.LibraryId, before.Query) == (libraryId, query))
            return before.Found;
        try
        {
            _searched = (libraryId, query, database.Search(IdOf(libraryId), query));
            return _searched.Value.Found;
        }
        catch (FormatException exception)
        {
            throw CommandException.Usage(exception.Message);
        }
    }

    /// <summary>As the next start will find it: what still runs by the embedded database belonged to a process that died.</summary>
    private static JobItem ItemOf(VitrineReader database, Job job)
    {
        if (job.Status == JobStatus.Running && !database.IsShared)
        {
            job = job.Traits.HasFlag(JobTraits.Resumable) && job.CancelAskedAt is null
                ? job with { Status = JobStatus.Queued }
                : job with { Status = JobStatus.Failed, Error = JobStore.Interrupted };
        }

        return JobItem.Of(job, database.Time.GetUtcNow());
    }

    private static long IdOf(string libraryId) => long.Parse(libraryId, CultureInfo.InvariantCulture);

    private static long? IdOrNull(string? libraryId) => libraryId is null ? null : IdOf(libraryId);
}
