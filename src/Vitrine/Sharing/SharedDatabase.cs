using Microsoft.Extensions.Logging;
using Vitrine.Storage;

namespace Vitrine.Sharing;

/// <summary>
/// Keeps this process and the others on one PostgreSQL database of one mind: messages both ways, the database's clock, and every
/// so often a look at what was missed.
/// </summary>
public sealed class SharedDatabase(
    AnnouncementRelay relay, SharedProgress progress, Resynchronisation resynchronisation, SharedClock clock, TimeProvider time, ILogger<SharedDatabase> logger)
    : IAsyncDisposable
{
    /// <summary>A lost message is noticed after so long at most.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    /// <summary>So long a message may be on its way; what is behind for longer was missed. To reload a large library costs every order of it.</summary>
    private static readonly TimeSpan s_onItsWay = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    /// <summary>Completes when it listens for the first time.</summary>
    internal Task Listens => _listens.Task;

    /// <summary>Takes the database's clock and begins to listen; to be called before anything is read into memory.</summary>
    /// <param name="eachRound">What else has to be looked at now and then: work that other processes left.</param>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    public async Task StartAsync(Func<CancellationToken, Task> eachRound)
    {
        clock.Measure();
        _running = Task.WhenAll(
            Until(relay.RunAsync(() => Listening(), _stopping.Token)),
            Until(progress.RunAsync(_stopping.Token)),
            Until(LookAsync(eachRound, _stopping.Token)));
        await Listens.WaitAsync(s_interval, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    /// <summary>The first time there is nothing that could have been missed.</summary>
    private void Listening()
    {
        if (!_listens.TrySetResult())
            TryLook(() => resynchronisation.Run(everything: true));
    }

    private async Task LookAsync(Func<CancellationToken, Task> eachRound, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            IReadOnlyDictionary<long, long> behind = new Dictionary<long, long>();
            if (!TryLook(() => behind = resynchronisation.Behind(everything: false)))
                continue;
            if (behind.Count > 0)
            {
                await Task.Delay(s_onItsWay, time, cancellationToken);
                if (!TryLook(() => resynchronisation.Reload(behind)))
                    continue;
            }

            try
            {
                await eachRound(cancellationToken);
            }
            catch (DatabaseUnavailableException exception)
            {
                logger.Log(Outages.LevelOf(exception, LogLevel.Warning), "What other processes left could not be looked at: {Reason}", exception.Message);
            }
        }
    }

    private bool TryLook(Action look)
    {
        try
        {
            clock.Measure();
            look();
            return true;
        }
        catch (DatabaseUnavailableException exception)
        {
            logger.Log(Outages.LevelOf(exception, LogLevel.Warning), "The database cannot be compared with what is in memory: {Reason}", exception.Message);
            return false;
        }
    }

    private async Task Until(Task running)
    {
        try
        {
            await running;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // the program ends
        }
    }
}
