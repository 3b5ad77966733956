using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Vitrine.Storage;

/// <summary>
/// The only thread that writes. It takes everything urgent that waits and at most one bulk piece, runs each so that it can be taken back alone,
/// commits them together, then runs their announcements and completes their callers in order.
/// </summary>
internal sealed class GroupCommitWriter : IAsyncDisposable
{
    private readonly IWriteConnection _connection;
    private readonly Outages _outages;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Queue<Write> _urgent = new();
    private readonly Queue<Write> _bulk = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;

    /// <summary>Whether a piece of the current group met what holds work up: then the group's commit is not the end of it.</summary>
    private bool _wasHeldUp;

    public GroupCommitWriter(IWriteConnection connection, Outages outages, ILogger logger)
    {
        (_connection, _outages, _logger) = (connection, outages, logger);
        new Thread(Run) { Name = "database writer", IsBackground = true }.Start();
    }

    public Task<T> EnqueueAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        var write = new Write<T>(work, cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            (urgency == WriteUrgency.Urgent ? _urgent : _bulk).Enqueue(write);
            DatabaseMetrics.Waiting(1);
            _waiting.Release(); // inside: once it is enqueued, a disposal may end the writer at any time
        }

        return write.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            _stopping = true;
        }

        _waiting.Release();
        await _stopped.Task;
        await _connection.DisposeAsync();
        _waiting.Dispose();
    }

    private void Run()
    {
        var group = new List<Write>();
        while (true)
        {
            _waiting.Wait();
            lock (_gate)
            {
                while (_urgent.TryDequeue(out var write))
                    group.Add(write);
                if (_bulk.TryDequeue(out var bulk))
                    group.Add(bulk);
                if (group.Count == 0)
                {
                    if (!_stopping)
                        continue; // its work went with an earlier group
                    break;
                }
            }

            DatabaseMetrics.Waiting(-group.Count);
            Commit(group);
            group.Clear();
        }

        _stopped.SetResult();
    }

    private void Commit(List<Write> group)
    {
        var began = Stopwatch.GetTimestamp();
        var committed = false;
        _wasHeldUp = false;
        try
        {
            _connection.Begin();
            foreach (var write in group)
                RunAlone(write);
            _connection.Commit();
            committed = true;
            if (!_wasHeldUp)
                _outages.End(OutageKind.DatabaseWriting);
        }
        catch (Exception exception)
        {
            var unavailable = exception as DatabaseUnavailableException ?? _connection.UnavailableOrNull(exception)
                ?? new DatabaseUnavailableException($"The database could not commit: {exception.Message}", exception);
            _logger.Log(Outages.LevelOf(unavailable, LogLevel.Error), exception, "A commit of {Count} writes failed and was rolled back", group.Count);
            TryRollback();
            foreach (var write in group)
                write.Fail(unavailable);
        }

        DatabaseMetrics.Ended(committed, group.Count, Stopwatch.GetElapsedTime(began));
        foreach (var write in group)
        {
            write.Announce(_logger);
            write.Complete();
        }
    }

    private void RunAlone(Write write)
    {
        try
        {
            _connection.BeginPiece();
            write.Run(new WriteTransaction(_connection));
            _connection.EndPiece();
        }
        catch (Exception exception) when (!_connection.InTransaction)
        {
            // A full disk or a lost connection rolls the whole transaction back by itself: nobody's work is in.
            throw exception as DatabaseUnavailableException ?? _connection.UnavailableOrNull(exception) ?? new DatabaseUnavailableException(exception.Message, exception);
        }
        catch (Exception exception)
        {
            _connection.TakeBackPiece();
            var unavailable = _connection.UnavailableOrNull(exception);
            _wasHeldUp |= unavailable is { IsTold: true };
            write.Fail(unavailable ?? exception);
        }
    }

    private void TryRollback()
    {
        try
        {
            if (_connection.InTransaction)
                _connection.Rollback();
        }
        catch (Exception exception) // whatever a broken connection throws: the writer's thread goes on
        {
            _logger.LogError(exception, "A rollback failed");
        }
    }

    private abstract class Write
    {
        protected WriteTransaction? Transaction { get; set; }

        public abstract void Run(WriteTransaction transaction);

        public abstract void Fail(Exception exception);

        public abstract void Complete();

        public void Announce(ILogger logger)
        {
            foreach (var action in Transaction?.AfterCommitActions ?? [])
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    logger.LogError(exception, "An announcement after a commit failed");
                }
            }
        }
    }

    private sealed class Write<T>(Func<WriteTransaction, T> work, CancellationToken cancellationToken) : Write
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _failure;

        public Task<T> Completion => _completion.Task;

        public override void Run(WriteTransaction transaction)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _result = work(transaction);
            transaction.End();
            Transaction = transaction;
        }

        public override void Fail(Exception exception)
        {
            _failure ??= exception;
            Transaction = null;
        }

        public override void Complete()
        {
            if (_failure is OperationCanceledException)
                _completion.SetCanceled(cancellationToken);
            else if (_failure is not null)
                _completion.SetException(_failure);
            else
                _completion.SetResult(_result!);
        }
    }
}
