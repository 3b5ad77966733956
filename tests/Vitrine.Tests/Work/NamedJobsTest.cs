using Microsoft.Extensions.Logging;
using Vitrine.Tests.Contracts;
using Vitrine.Work;

namespace Vitrine.Tests.Work;

/// <summary>Named jobs over a database of their own, and a gate at which a job can wait.</summary>
public abstract class NamedJobsTest : StoreContract
{
    private readonly Lazy<NamedJobs> _jobs;

    private protected NamedJobsTest()
    {
        _jobs = new Lazy<NamedJobs>(() => new NamedJobs(Stores.Jobs, Stores.Me, Stores.Announcements, Time, Logs.CreateLogger<NamedJobs>()));
    }

    private protected LoggerFactory Logs { get; } = new([new JobLog()]);

    private protected TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected NamedJobs Jobs => _jobs.Value;
}
