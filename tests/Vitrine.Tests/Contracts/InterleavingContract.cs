using FsCheck;
using FsCheck.Fluent;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>
/// Any interleaving of scans, claims by several workers, ends of work in time and too late, crashes, retries, pauses and cancels:
/// what must hold is checked after every step.
/// </summary>
public abstract class InterleavingContract
{
    private protected virtual IStoreSource NewSource() => new SqliteStores();

    [Fact]
    public void Steps_AnyInterleaving_KeepEveryPromise()
    {
        var step = from kind in Gen.Frequency(Enum.GetValues<StoreStep>().Select(kind => (Often(kind), Gen.Constant(kind))))
                   from first in Gen.Choose(0, 255)
                   from second in Gen.Choose(0, 255)
                   select (kind, first, second);
        var steps = Arb.From(Gen.Choose(20, 120).SelectMany(count => step.ArrayOf(count)), Shorter);

        Prop.ForAll(steps, (Func<(StoreStep, int, int)[], Task>)RunAsync).QuickCheckThrowOnFailure();
    }

    /// <summary>Claims meet scans only when both happen all the time, and what ends them seldom.</summary>
    private static int Often(StoreStep step) => step switch
    {
        StoreStep.BeginScan or StoreStep.ContinueScan or StoreStep.ClaimMetadata or StoreStep.ClaimEmbedding or StoreStep.Finish => 6,
        StoreStep.ChangeFile or StoreStep.FinishOldest or StoreStep.HandBack => 3,
        StoreStep.Pause or StoreStep.Cancel or StoreStep.Crash or StoreStep.Restart => 1,
        _ => 2,
    };

    /// <summary>Without each stretch of them in turn, long stretches first: what is left at the end is all that is needed.</summary>
    private static IEnumerable<(StoreStep, int, int)[]> Shorter((StoreStep, int, int)[] steps)
    {
        for (var length = steps.Length / 2; length > 0; length /= 2)
        {
            for (var start = 0; start + length <= steps.Length; start += length)
                yield return [.. steps[..start], .. steps[(start + length)..]];
        }
    }

    private async Task RunAsync((StoreStep Kind, int First, int Second)[] steps)
    {
        await using var machine = new StoreMachine(NewSource());
        await machine.BeginAsync();
        foreach (var (kind, first, second) in steps)
            await machine.StepAsync(kind, first, second);
        await machine.FinishEverythingAsync();
    }
}

public sealed class SqliteInterleavingTests : InterleavingContract;

[SharedServerTests]
public sealed class PostgresInterleavingTests : InterleavingContract, IAsyncLifetime
{
    private PostgresTestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await SharedPostgres.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private protected override IStoreSource NewSource() => new EmptiedPostgresStores(_database);
}
