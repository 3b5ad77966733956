using Vitrine.Server.Api;

namespace Vitrine.Cli.Client;

/// <summary>What commands that only look ask: a server over HTTP, or the database itself while none runs. Both answer with the same documents.</summary>
internal interface ILibraryReader
{
    /// <summary>By name.</summary>
    Task<IReadOnlyList<LibraryItem>> LibrariesAsync(CancellationToken cancellationToken);

    /// <summary>The processes that work on the database, of all machines.</summary>
    Task<WorkerList> WorkersAsync(CancellationToken cancellationToken);

    /// <summary>What holds up the work of the whole server (a full disk, a database that is away), in whole sentences; null for nothing.</summary>
    Task<string?> HeldUpAsync(CancellationToken cancellationToken);

    /// <summary>All failures and skipped paths on one page.</summary>
    /// <param name="libraryId">Null for all libraries.</param>
    /// <param name="reason">Null for any.</param>
    Task<FailurePage> FailuresAsync(string? libraryId, string? reason, CancellationToken cancellationToken);

    /// <summary>Failures by reason.</summary>
    /// <param name="libraryId">Null for all libraries.</param>
    Task<FailureReasonList> FailureReasonsAsync(string? libraryId, CancellationToken cancellationToken);

    /// <summary>The last run of each job, newest first.</summary>
    Task<JobList> JobsAsync(CancellationToken cancellationToken);

    /// <summary>The last run of a job with its log lines, and the runs before it; null when the job never ran.</summary>
    Task<JobFacts?> JobFactsOrNullAsync(string name, CancellationToken cancellationToken);

    /// <summary>A page of what a query finds in a library, by path.</summary>
    /// <exception cref="CommandException">The query cannot be understood.</exception>
    Task<AssetPage> SearchAsync(string libraryId, string query, long offset, int limit, CancellationToken cancellationToken);
}
