using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Server.Tests;

/// <summary>A database of which a test holds one kind of read, or lets it fail; all else goes through.</summary>
internal sealed class GatedDatabase(Database database) : Database
{
    private volatile Gate? _gate;

    public override SqlDialect Dialect => database.Dialect;

    /// <summary>From now on, reads that a class begins for this kind of answer wait until the gate is opened or fail.</summary>
    /// <param name="failure">Null to hold them.</param>
    public Gate Close<T>(Type owner, Exception? failure = null) => _gate = new Gate(this, owner.FullName!, typeof(T), failure);

    public override T Read<T>(Func<DbConnection, T> read)
    {
        if (_gate is { } gate && gate.Concerns(typeof(T), read.Method.DeclaringType))
            gate.Pass();
        return database.Read(read);
    }

    public override Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken) =>
        database.WriteAsync(work, urgency, cancellationToken);

    public override ValueTask DisposeAsync() => database.DisposeAsync();

    /// <summary>Open again when it is disposed of.</summary>
    internal sealed class Gate(GatedDatabase database, string owner, Type answer, Exception? failure) : IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();
        private int _reads;

        /// <summary>Completes when somebody waits at it or was refused.</summary>
        public Task Reached => _reached.Task.OrTooLateAsync();

        /// <summary>How many came to it.</summary>
        public int Reads => Volatile.Read(ref _reads);

        public bool Concerns(Type asked, Type? asker) => asked == answer && asker?.FullName is { } name
            && (name == owner || name.StartsWith($"{owner}+", StringComparison.Ordinal));

        public void Pass()
        {
            Interlocked.Increment(ref _reads);
            _reached.TrySetResult();
            if (failure is not null)
                throw failure;
            _open.Wait(); // on a thread of the engine's, as a slow disk would
        }

        public void Dispose()
        {
            database._gate = null;
            _open.Set();
        }
    }
}
