using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work.Rules;

/// <summary>Work rule 3: the process's heartbeat beats on its own thread; the time limit of an item is another thing.</summary>
[Collection(nameof(ProcessTests))]
public sealed class Rule03HeartbeatTests : StoreContract
{
    [Fact]
    public async Task Heartbeat_StageIsBusyWithoutEnd_ExtendsTheLeaseFromItsOwnThread()
    {
        await AddLibraryAsync("/photos", "a.jpg");
        var worker = await WorkerAsync();
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var signal = new WorkSignal(Time);
        var loop = new StageLoop(
            Stage.Metadata, worker, 1, 1, async (claims, _) =>
            {
                await busy.Task;
                await FinishAsync([.. claims], AssetStatus.Indexed);
            },
            Stores.Claims, new VisibleAssets(signal), signal, Time, NullLogger.Instance);
        var running = loop.RunAsync(stop.Token, CancellationToken.None);
        await using var writes = new ThreadsOfWrites(Stores.Database);

        using (new Heartbeat(() => new WorkerStore(writes, Time).HeartbeatAsync(worker, 0, Token), NullLogger.Instance, TimeSpan.FromMilliseconds(1)))
        {
            for (var beat = 0; beat < 5; beat++)
            {
                Time.Advance(WorkerStore.HeartbeatInterval);
                var thread = await writes.NextBegunFromNowOnAsync();
                Assert.Equal(("heartbeat", false), (thread.Name, thread.IsThreadPoolThread));
            }

            Assert.Equal(0, await Stores.Claims.RescueAsync(Token)); // five intervals are longer than a lease
        }

        busy.SetResult();
        await stop.CancelAsync();
        await running;
        Assert.Equal(1, Stores.Board.SnapshotOrNull(1)!.Counts.Indexed);
    }

    [Fact]
    public async Task TimeLimit_OneItemOverrunsItEachTime_FailsAloneAndTheProcessKeepsItsLease()
    {
        using var pictures = new SamplePictures();
        pictures.Jpeg("hang.jpg", 40, 30);
        var time = new ManualTime();
        await using var engine = await Engine.StartAsync(faults: "hang:hang.jpg", decoding: HangingDecoder.Options, time: new FastTime(100), decoderTime: time);
        const string Lease = "SELECT lease_until FROM workers";
        var before = engine.Database.Read(connection => connection.QueryNumber(Lease));

        var library = await engine.AddAsync(pictures.Folder);
        await engine.ScannedAsync(library);
        await HangingDecoder.HangsAsync(time);
        for (var i = 0; i < 5; i++)
            pictures.Jpeg($"good{i}.jpg", 40, 30, seed: i);
        await engine.ScanAsync(library);
        await engine.ScannedAsync(library);
        await Patience.UntilAsync(() => engine.Get<ProgressBoard>().SnapshotOrNull(library.Id)!.Counts.Ready == 5); // while one hangs
        await HangingDecoder.TimesOutForGoodAsync(time);
        await engine.FinishedAsync(library.Id);

        var assets = engine.Assets(library);
        Assert.Equal(FailureClass.TookTooLong, assets["hang.jpg"].Failure?.Class);
        Assert.Equal(5, assets.Values.Count(asset => asset.Status == AssetStatus.Ready));
        Assert.InRange(engine.Database.Read(connection => connection.QueryNumber(Lease)), before, long.MaxValue);
    }

    /// <summary>Notes which thread hands a write over, once it is durable.</summary>
    private sealed class ThreadsOfWrites(Database database) : Database
    {
        private readonly Channel<(int Number, Thread Thread)> _written = Channel.CreateUnbounded<(int, Thread)>();
        private int _begun;

        /// <summary>A write that began before the call, at an earlier time, tells nothing of this one.</summary>
        public async Task<Thread> NextBegunFromNowOnAsync()
        {
            var before = Volatile.Read(ref _begun);
            while (true)
            {
                var (number, thread) = await _written.Reader.ReadAsync(Token);
                if (number > before)
                    return thread;
            }
        }

        public override SqlDialect Dialect => database.Dialect;

        public override T Read<T>(Func<System.Data.Common.DbConnection, T> read) => database.Read(read);

        public override async Task<T> WriteAsync<T>(Func<WriteTransaction, T> work, WriteUrgency urgency, CancellationToken cancellationToken)
        {
            var (number, thread) = (Interlocked.Increment(ref _begun), Thread.CurrentThread);
            var written = await database.WriteAsync(work, urgency, cancellationToken);
            _written.Writer.TryWrite((number, thread));
            return written;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
