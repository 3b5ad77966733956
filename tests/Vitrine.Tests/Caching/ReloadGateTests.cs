using FsCheck;
using FsCheck.Fluent;
using Vitrine.Caching;
using Xunit;

namespace Vitrine.Tests.Caching;

public sealed class ReloadGateTests
{
    private enum Step
    {
        Ask,
        Begin,
        End,
    }

    /// <summary>
    /// Whatever happens in whatever order: a run that begins after an asking covers it, no asking is left uncovered at the end, and there are
    /// no more runs than there were times with something to cover.
    /// </summary>
    [Fact]
    public void Ask_AnyInterleaving_IsNeverDroppedAndNeverDoubled() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements(Enum.GetValues<Step>())).ToArbitrary(), Holds).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Ask_ManyThreadsAtOnce_EveryAskingIsCoveredByALaterRun()
    {
        var gate = new ReloadGate();
        var runs = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        var (asked, covered) = (0, 0);
        var running = Task.Run(async () =>
        {
            await foreach (var _ in runs.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                gate.Begin();
                Volatile.Write(ref covered, Volatile.Read(ref asked));
                if (gate.End())
                    runs.Writer.TryWrite(true);
                else if (Volatile.Read(ref covered) == 40_000)
                    return;
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Interlocked.Increment(ref asked);
                if (gate.Ask())
                    runs.Writer.TryWrite(true);
            }
        })));

        await running.OrTooLateAsync();
        Assert.False(gate.IsBusy);
    }

    private static bool Holds(Step[] steps)
    {
        var gate = new ReloadGate();
        var (scheduled, isRunning, uncovered, runs, needed) = (0, false, false, 0, 0);
        foreach (var step in steps)
        {
            if (step == Step.Ask)
            {
                needed += uncovered ? 0 : 1;
                uncovered = true;
                scheduled += gate.Ask() ? 1 : 0;
            }
            else if (step == Step.Begin && scheduled > 0 && !isRunning)
            {
                gate.Begin();
                (isRunning, uncovered) = (true, false);
                scheduled--;
                runs++;
            }
            else if (step == Step.End && isRunning)
            {
                isRunning = false;
                scheduled += gate.End() ? 1 : 0;
            }

            if (scheduled > 1 || runs > needed || (uncovered && scheduled == 0 && !isRunning))
                return false;
        }

        return true;
    }
}
