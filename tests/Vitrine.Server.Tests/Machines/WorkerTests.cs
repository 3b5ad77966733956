using Vitrine.Server.Tests.Faults;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>Real processes over a real PostgreSQL: whatever becomes of a worker, each picture is done once and counted once.</summary>
public sealed class WorkerTests : MachinesTest
{
    private const string Hanging = "SELECT COUNT(*) FROM assets WHERE name = 'hang.jpg' AND claim_owner = ";

    [Fact]
    public async Task Worker_AfterAServerThatDoesNotWork_FinishesWhatItTookIn()
    {
        MakePictures(30);
        await TakeInAsync(30);
        Assert.Equal(30, await QueryAsync("SELECT COUNT(*) FROM assets WHERE status = 0 AND claims = 0"));

        await using var worker = await WorkerProcess.StartAsync(Connection);
        await ReadyAsync(30);
        await worker.SignalAsync("TERM");

        Assert.Equal(0, await worker.EndAsync());
        await AssertWholeAsync(30);
        Assert.Equal(30, await QueryAsync("SELECT SUM(claims) FROM assets")); // embedded as they were read: nothing was done twice
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM workers"));
    }

    [Fact]
    public async Task Kill_WorkersInTheMiddle_EverythingBecomesReadyOnce()
    {
        const int Files = 80;
        MakePictures(Files);
        await TakeInAsync(Files);
        var random = new Random(4);
        for (var round = 0; round < 4; round++)
        {
            await using var killed = await WorkerProcess.StartAsync(Connection);
            await using var other = await WorkerProcess.StartAsync(Connection);
            var more = await QueryAsync("SELECT SUM(claims) FROM assets") + random.Next(1, 30);
            await UntilAsync("SELECT SUM(claims) FROM assets", claims => claims >= more || claims >= Files);
            await killed.KillAsync();
            await other.KillAsync();
        }

        await using var last = await WorkerProcess.StartAsync(Connection);
        await ReadyAsync(Files);
        await AssertWholeAsync(Files);
    }

    [Fact]
    public async Task Kill_OneOfTwoWorkers_TheOtherRescuesAndFinishes()
    {
        MakePictures(10);
        Pictures.Jpeg("hang.jpg", 40, 30, seed: 99);
        await TakeInAsync(11);
        await using var killed = await WorkerProcess.StartAsync(Connection, faults: "hang:hang.jpg");
        await UntilAsync($"{Hanging}{killed.Id}", held => held == 1);
        await using var other = await WorkerProcess.StartAsync(Connection, lease: "3s"); // beats every second, and nobody is left who could rescue from it

        await killed.KillAsync();
        await QueryAsync($"UPDATE workers SET lease_until = 0 WHERE id = {killed.Id} RETURNING 0"); // its lease passes, which would take a minute

        await ReadyAsync(11); // by heartbeats alone: nothing starts after the kill
        await AssertWholeAsync(11);
        Assert.Equal(2, await QueryAsync("SELECT claims FROM assets WHERE name = 'hang.jpg'")); // the lost one and the second one
    }

    [Fact]
    public async Task Terminate_InTheMiddle_HandsBackWithoutSpendingTheAttempt()
    {
        Pictures.Jpeg("hang.jpg", 40, 30);
        MakePictures(5);
        await TakeInAsync(6);
        await using var worker = await WorkerProcess.StartAsync(Connection, faults: "hang:hang.jpg", grace: "500ms");
        await UntilAsync($"{Hanging}{worker.Id}", held => held == 1); // others may wait behind it in the same decoder

        await worker.SignalAsync("TERM");

        Assert.Equal(0, await worker.EndAsync());
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM assets WHERE claim_owner IS NOT NULL OR attempts > 0"));
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM workers"));
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM failures"));
    }

    [Fact]
    public async Task Terminate_Twice_EndsAtOnceAndAnotherTakesUp()
    {
        Pictures.Jpeg("hang.jpg", 40, 30);
        await TakeInAsync(1);
        await using var worker = await WorkerProcess.StartAsync(Connection, faults: "hang:hang.jpg", grace: "10m");
        await UntilAsync($"{Hanging}{worker.Id}", held => held == 1);
        await using var beside = await WorkerProcess.StartAsync(Connection);

        await worker.SignalAsync("TERM");
        var second = RepeatAsync(worker);

        Assert.Equal(143, await worker.EndAsync());
        await second;
        await using var next = await WorkerProcess.StartAsync(Connection);
        await ReadyAsync(1);
        await AssertWholeAsync(1);

        // The first may not have been heard yet: until then a second one is the first.
        static async Task RepeatAsync(WorkerProcess worker)
        {
            var ended = worker.EndAsync();
            while (!ended.IsCompleted)
            {
                await worker.SignalAsync("TERM");
                await Task.WhenAny(ended, Task.Delay(100, Cancelled));
            }
        }
    }

    [Fact]
    public async Task Wake_AfterTheLease_TheSleeperChangesNothing()
    {
        Pictures.Jpeg("hang.jpg", 40, 30);
        MakePictures(6);
        await TakeInAsync(7);
        await using var sleeper = await WorkerProcess.StartAsync(Connection, faults: "hang:hang.jpg", lease: "2s", grace: "0s");
        await UntilAsync($"{Hanging}{sleeper.Id}", held => held == 1);
        await sleeper.SignalAsync("STOP");
        await using var other = await WorkerProcess.StartAsync(Connection, lease: "2s");
        await ReadyAsync(7);
        var before = await QueryAsync("SELECT SUM(claims * 1000 + attempts) FROM assets");

        await sleeper.SignalAsync("CONT");
        await UntilAsync($"SELECT COUNT(*) FROM workers WHERE id = {sleeper.Id}", known => known == 1); // it is heard again
        await sleeper.SignalAsync("TERM"); // it hands back what it thinks it holds

        Assert.Equal(0, await sleeper.EndAsync());
        Assert.Equal(before, await QueryAsync("SELECT SUM(claims * 1000 + attempts) FROM assets"));
        await AssertWholeAsync(7);
    }

    [Fact]
    public async Task Stages_OfTwoWorkers_AreKept()
    {
        MakePictures(12);
        await TakeInAsync(12);
        await using var reader = await WorkerProcess.StartAsync(Connection, arguments: ["--stages", "metadata"]);
        await UntilAsync("SELECT COUNT(*) FROM assets WHERE status = 1 AND claim_owner IS NULL", indexed => indexed == 12);
        Assert.Equal(12, await QueryAsync("SELECT SUM(claims) FROM assets"));

        await using var embedder = await WorkerProcess.StartAsync(Connection, arguments: ["--stages", "embedding"]);
        await ReadyAsync(12);

        await AssertWholeAsync(12);
        Assert.Equal(3, await QueryAsync("SELECT SUM(stages) FROM workers"));
    }

    [Fact]
    public async Task RootMap_FolderIsElsewhere_IsReadThere()
    {
        MakePictures(4);
        using var stored = new TemporaryFolder("vitrine-stored-");
        var away = Path.Join(stored.Path, "photos");
        Directory.Move(Pictures.Folder, away);
        try
        {
            await TakeInAsync(4, away);
        }
        finally
        {
            Directory.Move(away, Pictures.Folder);
        }

        await using var worker = await WorkerProcess.StartAsync(Connection, arguments: ["--root-map", $"{away}={Pictures.Folder}"]);
        await ReadyAsync(4);
        await AssertWholeAsync(4);
    }

    [Fact]
    public async Task RootMap_LeadsNowhere_TheOtherWorkersGoOnAtOnce()
    {
        MakePictures(8);
        await TakeInAsync(8);
        // Every change of a waiting time is kept, however short it was.
        await QueryAsync(
            """
            CREATE TABLE waits (asset_id BIGINT); CREATE FUNCTION note_wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO waits VALUES (NEW.id); RETURN NEW; END $$;
            CREATE TRIGGER note_wait AFTER UPDATE ON assets FOR EACH ROW WHEN (NEW.not_before > 0) EXECUTE FUNCTION note_wait(); SELECT 0
            """);
        await using var blind = await WorkerProcess.StartAsync(Connection, arguments: ["--root-map", $"{Pictures.Folder}=/not/here"]);
        await UntilAsync("SELECT COUNT(*) FROM assets WHERE claims > 0 AND claim_owner IS NULL", handedBack => handedBack == 8);

        await using var seeing = await WorkerProcess.StartAsync(Connection);
        await ReadyAsync(8);

        await AssertWholeAsync(8);
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM waits"));
        await blind.SignalAsync("TERM");
        Assert.Equal(0, await blind.EndAsync());
        Assert.Contains("is not seen from here", await blind.LogAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Derived_FolderOfTwoProcesses_HoldsEachThumbnailOnce()
    {
        using var shared = new TemporaryFolder("vitrine-derived-");
        MakePictures(20);
        await using var server = await VitrineProcess.StartSharedAsync(Data.Path, Connection, "--no-work", "--derived", shared.Path);
        await server.AddAsync(Pictures.Folder);
        await using var one = await WorkerProcess.StartAsync(Connection, arguments: ["--derived", shared.Path]);
        await using var two = await WorkerProcess.StartAsync(Connection, arguments: ["--derived", shared.Path]);
        await ReadyAsync(20);

        Assert.Equal(20, Directory.GetFiles(Path.Join(shared.Path, "thumbnails"), "*.webp", SearchOption.AllDirectories).Length);
        Assert.Empty(Directory.GetFiles(Path.Join(shared.Path, "tmp")));
        Assert.False(Directory.Exists(Path.Join(Data.Path, "thumbnails")));
        var id = await QueryAsync("SELECT MIN(id) FROM assets");
        var answer = await server.Http.GetAsync($"/api/assets/{id}/thumbnail", Cancelled);
        Assert.Equal("image/webp", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Derived_SharedFolderIsFull_RetriesUntilThereIsRoom()
    {
        Assert.SkipUnless(Environment.UserName == "root" && Shell.Has("unshare") && Shell.Has("nsenter"), "a small disk can be mounted by root only");
        using var shared = new TemporaryFolder("vitrine-derived-");
        MakePictures(40);
        await TakeInAsync(40);
        await using var worker = await WorkerProcess.StartThroughAsync(
            ["unshare", "--mount", "--propagation", "private", "bash", "-c", $"mount -t tmpfs -o size=64k none '{shared.Path}' && exec \"$@\"", "bash"],
            Connection,
            arguments: ["--derived", shared.Path]);
        await UntilAsync("SELECT COUNT(*) FROM assets WHERE status = 0 AND not_before > 0", waiting => waiting > 0);

        await Shell.RunAsync("nsenter -t \"$1\" -m mount -o remount,size=64m \"$2\"", $"{worker.ProcessId}", shared.Path);

        await UntilAsync("SELECT COUNT(*) FROM assets WHERE status IN (3, 4) AND claim_owner IS NULL", ended => ended == 40);
        Assert.Equal(0, await QueryAsync("SELECT COUNT(*) FROM failures")); // no file is to blame for a full disk, however long it lasts
        await ReadyAsync(40);
        await AssertWholeAsync(40);
    }

    [Fact]
    public async Task Workers_OfAServerAndAWorker_AreListed()
    {
        await using var server = await VitrineProcess.StartSharedAsync(Data.Path, Connection, "--no-work");
        await using var worker = await WorkerProcess.StartAsync(Connection, arguments: ["--stages", "embedding"]);

        var items = (await server.GetAsync("/api/workers")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal([(Environment.MachineName, 0), (Environment.MachineName, 1)], items.Select(item => (item.GetProperty("host").GetString(), item.GetProperty("stages").GetArrayLength())));
        Assert.Equal(worker.Id, items[1].GetProperty("id").GetInt64());
        Assert.False(items[1].GetProperty("silent").GetBoolean());
    }
}
