using System.Globalization;
using Npgsql;
using Vitrine.Tests.Postgres;
using Xunit;

namespace Vitrine.Server.Tests.Machines;

/// <summary>A machine of its own whose cable is pulled: nothing arrives any more, and no side is told.</summary>
public sealed class PulledCableTests : MachinesTest
{
    private const int Files = 40;

    private NetworkMachine? _machine;
    private PostgresServer? _server;

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_machine is not null)
            await _machine.DisposeAsync();
    }

    [NetworkFact]
    public async Task Pull_InTheMiddleOfABatch_OthersFinishAndItGoesOnWhenTheCableIsBack()
    {
        MakePictures(Files);
        await TakeInAsync(Files);
        await QueryAsync(Outcomes.Watch);
        await QueryAsync(Outcomes.Slow(seconds: 0.05));
        var there = new NpgsqlConnectionStringBuilder(Connection) { Host = _machine!.Host }.ToString();
        await using var cut = await WorkerProcess.StartThroughAsync(_machine.Through, there, lease: "3s");
        await UntilAsync("SELECT SUM(claims) FROM assets", claims => claims >= 10);

        await _machine.PullAsync(); // some of its claims are in the middle of a transaction, which holds their rows
        await using var other = await WorkerProcess.StartAsync(Connection, lease: "3s");
        await ReadyAsync(Files);
        await HasNoticedAsync(cut);
        await _machine.PlugInAsync();

        await UntilAsync($"SELECT COUNT(*) FROM workers WHERE id = {cut.Id}", known => known == 1); // it is heard again
        await cut.SignalAsync("TERM");
        Assert.Equal(0, await cut.EndAsync());
        await AssertWholeAsync(Files);
        Assert.Equal(Files, await QueryAsync("SELECT COUNT(*) FROM outcomes"));

        // It works as before: what comes now is done.
        await using var again = await WorkerProcess.StartThroughAsync(_machine.Through, there, lease: "3s");
        await UntilAsync($"SELECT COUNT(*) FROM workers WHERE id = {again.Id}", known => known == 1);
    }

    private protected override async Task<PostgresTestDatabase> CreateDatabaseAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        _machine = await NetworkMachine.CreateAsync();
        _server = await PostgresServer.StartAsync($"listen_addresses=127.0.0.1,{_machine.Host}");
        await _server.AllowAsync(_machine.Address);
        await _server.CreateAsync("vitrine_cable");
        return new PostgresTestDatabase(_server, "vitrine_cable");
    }

    /// <summary>It has given its connection up and tries to make a new one: that one has sent its first packet (state 2) and waits.</summary>
    /// <remarks>By itself TCP goes on for a quarter of an hour, which is longer than any test waits.</remarks>
    private static Task HasNoticedAsync(WorkerProcess worker) => Patience.UntilAsync(async () =>
    {
        var connections = await File.ReadAllLinesAsync($"/proc/{worker.ProcessId.ToString(CultureInfo.InvariantCulture)}/net/tcp", Cancelled);
        return connections.Skip(1).Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3] == "02");
    });
}
