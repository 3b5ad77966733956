namespace Vitrine.Work;

/// <summary>Who this process is among the workers of its database: the owner of its claims and of the jobs it runs.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ThisWorker
{
    private long _id;

    /// <summary>0 before it was registered, and after it was taken off the list.</summary>
    public long Id
    {
        get => Interlocked.Read(ref _id);
        internal set => Interlocked.Exchange(ref _id, value);
    }
}
