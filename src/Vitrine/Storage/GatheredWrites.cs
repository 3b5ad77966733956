namespace Vitrine.Storage;

/// <summary>
/// Writes of one kind: those that come while an earlier one waits for the writer are written with it, by one call. Each takes effect as a
/// whole or not at all, and one that is wrong harms no other.
/// </summary>
/// <param name="write">Writes items in the order in which they came. Must be safe to run again when it has thrown.</param>
/// <remarks>Thread-safe.</remarks>
public sealed class GatheredWrites<T>(Database database, Action<WriteTransaction, IReadOnlyList<T>> write)
{
    private readonly Lock _gate = new();
    private List<(T Item, TaskCompletionSource Written)> _waiting = [];

    /// <summary>Completes when the item is durable.</summary>
    /// <exception cref="DatabaseUnavailableException">It could not be committed.</exception>
    public Task WriteAsync(T item)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isFirst;
        lock (_gate)
        {
            _waiting.Add((item, written));
            isFirst = _waiting.Count == 1;
        }

        return isFirst ? Task.WhenAll(WriteWaitingAsync(), written.Task) : written.Task;
    }

    private async Task WriteWaitingAsync()
    {
        List<(T Item, TaskCompletionSource Written)>? taken = null;
        try
        {
            await WriteNowAsync(() => taken = TakeWaiting());
        }
        catch (Exception exception) when (taken is { Count: > 1 } && exception is not DatabaseUnavailableException)
        {
            foreach (var one in taken)
                await WriteAloneAsync(one);
            return;
        }
        catch (Exception exception)
        {
            foreach (var (_, written) in taken ?? TakeWaiting())
                written.SetException(exception);
            return;
        }

        foreach (var (_, written) in taken!)
            written.SetResult();
    }

    private async Task WriteAloneAsync((T Item, TaskCompletionSource Written) one)
    {
        try
        {
            await WriteNowAsync(() => [one]);
            one.Written.SetResult();
        }
        catch (Exception exception)
        {
            one.Written.SetException(exception);
        }
    }

    private Task WriteNowAsync(Func<List<(T Item, TaskCompletionSource Written)>> take) => database.WriteAsync(
        transaction => write(transaction, [.. take().Select(one => one.Item)]), WriteUrgency.Urgent, CancellationToken.None);

    private List<(T Item, TaskCompletionSource Written)> TakeWaiting()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }
}
