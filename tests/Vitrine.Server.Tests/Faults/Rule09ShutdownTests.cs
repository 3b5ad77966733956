using System.Text.Json;
using Microsoft.Data.Sqlite;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Faults;

/// <summary>
/// Work rules 4 and 9 at the real process: however it ends, the rows say what is true, and the next start goes on. One picture hangs
/// its decoder, so that work is surely in flight.
/// </summary>
public sealed class Rule09ShutdownTests : IDisposable
{
    private const string HangingClaimed = "SELECT COUNT(*) FROM assets WHERE name = 'hang.jpg' AND claim_owner IS NOT NULL";

    private readonly TemporaryFolder _data = new("vitrine-data-");
    private readonly SamplePictures _pictures = new();

    public Rule09ShutdownTests()
    {
        _pictures.Jpeg("hang.jpg", 40, 30);
        for (var i = 0; i < 5; i++)
            _pictures.Jpeg($"{i}.jpg", 40, 30, seed: i + 2);
    }

    public void Dispose()
    {
        _pictures.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Crash_WorkInFlight_KeepsItsClaimUntilTheNextStartRescuesIt()
    {
        string library;
        await using (var vitrine = await StartAsync("10m"))
        {
            library = await HangingAsync(vitrine);
            await vitrine.KillAsync();
        }

        Assert.Equal((1, 1, 1), (Query(HangingClaimed), Query("SELECT attempts FROM assets WHERE name = 'hang.jpg'"), Query("SELECT COUNT(*) FROM workers")));
        await GoesOnAsync(library);
    }

    [Fact]
    public async Task Terminate_PastTheGraceTime_HandsBackWithoutSpendingTheAttempt()
    {
        string library;
        await using (var vitrine = await StartAsync("250ms"))
        {
            library = await HangingAsync(vitrine);
            Assert.Equal(0, await vitrine.TerminateAsync());
        }

        Assert.Equal(0, Query("SELECT COUNT(*) FROM assets WHERE claim_owner IS NOT NULL OR attempts > 0"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM workers"));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM failures"));
        await GoesOnAsync(library);
    }

    [Fact]
    public async Task Terminate_Twice_EndsAtOnceAndTheNextStartRescues()
    {
        string library;
        await using (var vitrine = await StartAsync("10m"))
        {
            library = await HangingAsync(vitrine);
            await Shell.RunAsync("kill -TERM \"$1\"", $"{vitrine.Id}");
            await vitrine.NoLongerListensAsync(); // the first was heard, and it waits for what is in flight
            Assert.NotEqual(0, await vitrine.TerminateAsync());
        }

        Assert.Equal((1, 1), (Query(HangingClaimed), Query("SELECT attempts FROM assets WHERE name = 'hang.jpg'")));
        Assert.Equal(0, Query("SELECT COUNT(*) FROM failures"));
        await GoesOnAsync(library);
    }

    private Task<VitrineProcess> StartAsync(string grace) =>
        VitrineProcess.StartAsync(_data.Path, "hang:hang.jpg", "env", $"VITRINE_INDEXING__SHUTDOWN_GRACE={grace}");

    /// <summary>Adds the folder and waits until the hanging picture is being worked on; others may be, too.</summary>
    private async Task<string> HangingAsync(VitrineProcess vitrine)
    {
        var library = await vitrine.AddAsync(_pictures.Folder);
        await Patience.UntilAsync(() => Query(HangingClaimed) > 0);
        return library;
    }

    /// <summary>Everything is ready after the next start, in healthy decoders, and nothing was counted twice.</summary>
    private async Task GoesOnAsync(string library)
    {
        await using (var vitrine = await VitrineProcess.StartAsync(_data.Path))
            Assert.Equal(6, Number(await vitrine.FinishedAsync(library), "ready"));
        Assert.Equal(6, Query("SELECT COUNT(*) FROM assets WHERE status = 3"));
        Assert.Equal(6, Query("SELECT ready FROM progress p JOIN libraries l ON l.id = p.id"));
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private long Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Join(_data.Path, "vitrine.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar());
    }
}
