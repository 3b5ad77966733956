using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Caching;
using Vitrine.Embeddings;
using Vitrine.Images;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Tests.Sharing;
using Vitrine.Transfer;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Transfer;

public sealed class LibraryTransferTests : TransferTest
{
    private static readonly string[] s_jobs = ["scan", "retry"];

    [Fact]
    public async Task Run_EveryTable_ArrivesAsItWas()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 100);
        var before = SHA256.HashData(File.ReadAllBytes(Path.Join(Data, "vitrine.db")));

        var moved = Assert.Single(await MoveAsync());

        AssertArrived(100);
        Assert.Equal((false, 0), (moved.WasThere, moved.WentOn));
        Assert.Equal([20, 20, 20, 20, 20], moved.Statuses);
        Assert.Equal((100, 80, 20, 6, 2, 3), (moved.Rows["assets"], moved.Rows["asset_details"], moved.Rows["failures"], moved.Rows["folders"], moved.Rows["skipped"], moved.Rows["job_runs"]));
        Assert.All(moved.Rows, table => Assert.True(table.Value > 0, $"{table.Key} is empty: the test shows nothing of it"));
        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(Path.Join(Data, "vitrine.db"))));
        Assert.Equal(1, Query("SELECT COUNT(*) FROM libraries WHERE paused AND include_hidden AND offline_since = 1700000000000009 AND missing = 3"));
        Assert.Equal(50, Query("SELECT COUNT(*) FROM assets a JOIN libraries l ON l.id = a.library_id WHERE a.id >= l.settled_to"));
        Assert.Equal(42, Query("SELECT p.version FROM progress p JOIN libraries l ON l.id = p.id"));
    }

    [Fact]
    public async Task Run_Moved_IsReadByTheStoresAsBefore()
    {
        var old = await EmbeddedLibrary.AddAsync(Data, "/photos", 60);
        var before = await ObserveAsync(SqliteDatabase.Open(Path.Join(Data, "vitrine.db"), NullLogger.Instance), old);

        var moved = Assert.Single(await MoveAsync());
        var after = await ObserveAsync(PostgresDatabase.Open(Test.ConnectionString + ";Pooling=false", NullLogger.Instance), moved.LibraryId);

        Assert.Equal(before, after);
        Assert.Equal(2, Query("SELECT COUNT(*) FROM job_runs WHERE status IN ('queued', 'failed') AND owner IS NULL")); // what a killed process left running
    }

    [Fact]
    public async Task Run_SeveralInterleavedLibraries_AllArriveBesideThoseOfTheTarget()
    {
        await AddToTargetAsync("/of the target", files: 40);
        await EmbeddedLibrary.AddAsync(Data, "/one", 50);
        await EmbeddedLibrary.AddAsync(Data, "/two", 0);
        await EmbeddedLibrary.AddAsync(Data, "/three", 45);
        Execute("INSERT INTO tags (folded, name, category) VALUES ('dog', 'DOG', 'species')");

        var moved = await MoveAsync();

        AssertArrived(135, libraries: 4);
        Assert.Equal(["dog"], moved.SelectMany(library => library.Categories).Distinct());
        Assert.Equal(1, Query("SELECT COUNT(*) FROM tags WHERE folded = 'dog' AND name = 'DOG' AND category = 'species' AND assets > 0"));
        // What the target adds now gets ids of its own, after all others.
        var most = Query("SELECT MAX(id) FROM assets");
        await AddToTargetAsync("/later", files: 3);
        Assert.Equal(3, Query($"SELECT COUNT(*) FROM assets WHERE id > {most}"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM folders f JOIN assets a ON a.folder_id = f.id WHERE a.library_id <> f.library_id"));
    }

    [Fact]
    public async Task Run_Again_HasNothingLeftAndTellsOfChanges()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 35);
        await MoveAsync();
        var rows = Query("SELECT SUM(xmin::text::bigint) FROM assets");

        var second = Assert.Single(await MoveAsync());
        await EmbeddedLibrary.ExecuteAsync(Data, "UPDATE progress SET version = version + 1");
        var third = Assert.Single(await MoveAsync());

        Assert.Equal((true, false), (second.WasThere, second.HasChanged));
        Assert.Equal((true, true), (third.WasThere, third.HasChanged));

        Assert.Equal(rows, Query("SELECT SUM(xmin::text::bigint) FROM assets"));
        AssertArrived(35);
    }

    [Fact]
    public async Task Run_ForgottenInTheTarget_IsMovedAgain()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 35);
        var first = Assert.Single(await MoveAsync());
        await using var stores = OpenTarget();
        await stores.Libraries.ForgetAsync(first.LibraryId, Token);
        await stores.Forgotten.SweepAsync(Token);

        var second = Assert.Single(await MoveAsync());

        Assert.False(second.WasThere);
        Assert.NotEqual(first.LibraryId, second.LibraryId);
        AssertArrived(35);
    }

    [Fact]
    public async Task Run_FolderIsALibraryOfTheTarget_IsRefusedAndNothingIsThere()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 35);
        await AddToTargetAsync("/photos", files: 2);

        var refused = await Assert.ThrowsAsync<TransferRefusedException>(() => MoveAsync());

        Assert.Contains("/photos", refused.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (Query("SELECT COUNT(*) FROM assets"), Query("SELECT COUNT(*) FROM transfers")));
    }

    [Fact]
    public async Task Run_FolderBecomesALibraryMeanwhile_IsRefused()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 35);

        var refused = await Assert.ThrowsAsync<TransferRefusedException>(() => MoveAsync(progress =>
        {
            if (progress is { Step: TransferStep.Copying, Done: 30 })
                Execute("INSERT INTO progress_scopes DEFAULT VALUES; INSERT INTO libraries (id, name, path, include_hidden, created_at) SELECT MAX(id), 'quick', '/photos', FALSE, 1 FROM progress_scopes");
        }));

        Assert.Contains("'quick'", refused.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (Query("SELECT COUNT(*) FROM libraries"), Query("SELECT COUNT(*) FROM folders")));
    }

    [Fact]
    public async Task Run_SpaceOfOtherDimensions_IsRefused()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 35);
        Execute("INSERT INTO embedding_spaces (name, dimensions) VALUES ('built-in', 512)");

        var refused = await Assert.ThrowsAsync<TransferRefusedException>(() => MoveAsync());

        Assert.Contains("8 dimensions here and 512", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TwoOfTheSameLibrary_TheSlowerIsRefused()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 100);

        // What another run of the same library does between two batches of this one.
        var refused = await Assert.ThrowsAsync<TransferRefusedException>(() => MoveAsync(progress =>
        {
            if (progress is { Step: TransferStep.Copying, Done: 30 })
                Execute("UPDATE transfers SET copied_to = copied_to + 1");
        }));

        Assert.Contains("at the same time", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_WhileALibraryIsOnItsWay_LeavesIt()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 65);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MoveAsync(progress =>
        {
            if (progress.Step == TransferStep.Checking)
                throw new OperationCanceledException();
        }));
        await using var stores = OpenTarget();

        await stores.Forgotten.SweepAsync(Token);

        Assert.Equal(65, Query("SELECT COUNT(*) FROM assets"));
        Assert.Empty(stores.Libraries.All());
        Assert.Empty(stores.Assets.Find([Query("SELECT MIN(id) FROM assets")]));
        await MoveAsync();
        AssertArrived(65);
    }

    [Fact]
    public async Task Run_ServerIsThere_SeesTheLibraryWithoutBeingTold()
    {
        await EmbeddedLibrary.AddAsync(Data, "/photos", 35);
        await using var node = await Node.StartAsync(Test, new ManualTime());
        var heard = node.NextAsync(announcement => announcement is Announcement.LibraryReloaded);

        var moved = Assert.Single(await MoveAsync());
        node.Resynchronisation.Run(everything: false); // as every process does each 5 s

        Assert.Equal(new Announcement.LibraryReloaded(moved.LibraryId), await heard);
        Assert.Equal(35, node.Stores.Board.SnapshotOrNull(moved.LibraryId)!.Counts.Total);
        Assert.Equal(7, node.Stores.Browse.Page(moved.LibraryId, AssetSort.Added, false, "status:ready", 0, 100).Total);
    }

    [Fact]
    public async Task Open_Target_WaitsForAsLongAsTheSourceIsRead()
    {
        await using var target = TransferTarget.Open(Test.ConnectionString + ";Pooling=false;Options=-c work_mem=5MB");

        var settings = await target.WriteAsync(
            transaction => transaction.Connection.Query("SELECT current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('work_mem')", row => row.GetString(0)),
            WriteUrgency.Urgent,
            Token);

        Assert.Equal("0 5MB", Assert.Single(settings));
    }

    /// <summary>What people see of a library, without ids: pages by several orders, searches, tags, failures, details, vectors, jobs, progress.</summary>
    private static async Task<List<string>> ObserveAsync(Database database, long library)
    {
        await using var stores = new Stores(database, new ManualTime());
        var seen = new List<string>();
        foreach (var (sort, query) in (ReadOnlySpan<(AssetSort, string?)>)[(AssetSort.Added, null), (AssetSort.Path, null), (AssetSort.Size, "tag:dog"), (AssetSort.Captured, "status:failed"), (AssetSort.Name, "émoji")])
        {
            var (total, ids) = stores.Browse.Page(library, sort, descending: true, query, 0, 500);
            seen.Add($"{sort} {query}: {total}");
            foreach (var id in ids)
            {
                var asset = stores.Assets.FindOrNull(id)!;
                seen.Add($"{asset with { Id = 0, LibraryId = 0, Sha256 = null }} {Convert.ToHexString(asset.Sha256 ?? [])}");
                seen.Add(string.Join(", ", stores.Tags.OfAsset(id).Select(tag => $"{tag.Name} {tag.Category} {string.Join('+', tag.Sources)}")));
                var failure = stores.Failures.FindOrNull(id);
                seen.Add($"{failure?.Reason} {failure?.Stage} {failure?.Attempts} {failure?.FailedAt:O}");
                seen.Add(new PictureDetailsStore(database).FindOrNull(id) is { } details ? JsonSerializer.Serialize(details) : "no details");
                seen.Add(string.Join(' ', new EmbeddingStore(database, new EmbeddingSpace("built-in", 8)).FindOrNull(id) ?? []));
            }
        }

        seen.AddRange(stores.TagCounts.Find("", 100).Tags.Select(tag => $"{tag with { Id = 0 }}"));
        seen.AddRange(stores.Libraries.Skipped(library).Select(skipped => $"{skipped}"));
        seen.AddRange(s_jobs.SelectMany(kind => stores.Jobs.Runs($"{kind}:{library}")
            .Select(job => $"{kind} {(job.Status == JobStatus.Running ? kind == "scan" ? "Queued" : "Failed" : job.Status)} {job.Message} {job.Result} {string.Join('|', stores.Jobs.Lines(job.RunId))}")));
        seen.Add($"{stores.Board.SnapshotOrNull(library)!.Counts} {stores.Board.SnapshotOrNull(library)!.Status}");
        seen.Add($"{stores.Libraries.FindOrNull(library)! with { Id = 0, TaskGroupId = 0 }}");
        return seen;
    }

    private async Task AddToTargetAsync(string root, int files)
    {
        await using var stores = OpenTarget();
        var (library, _) = await stores.Libraries.AddAsync(root, null, includeHidden: false, Token);
        var found = Enumerable.Range(0, files).Select(file => new ScannedFile($"{file}.jpg", AssetKind.Image, 100, 1));
        await stores.Intake.TakeInAsync(new ScanSession(library.Id, library.TaskGroupId), [new ScannedFiles("", [.. found], IsLast: true)], Token);
    }

    private Stores OpenTarget() => new(PostgresDatabase.Open(Test.ConnectionString + ";Pooling=false", NullLogger.Instance), new ManualTime());
}
