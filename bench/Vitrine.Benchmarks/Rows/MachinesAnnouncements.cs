using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using Npgsql;
using Vitrine.Benchmarks.Setting;
using Vitrine.Caching;
using Vitrine.Storage;
using Vitrine.Tags;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// From a commit of one process to the message on a socket of another: a tag that an asset gets, on <c>WS /ws/events</c> of a server that only serves. In turns with a bare
/// <c>NOTIFY</c> to a connection that listens.
/// </summary>
internal static class MachinesAnnouncements
{
    private const int Budget = 100;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchRun run)
    {
        await using var postgres = await DurablePostgres.StartAsync(run);
        var database = await postgres.CreateAsync("announced");
        using Scratch data = run.Scratch(), serverData = run.Scratch(), derived = run.Scratch();
        await using var server = await ServerProcess.StartAsync(serverData.FullPath, database, "--no-work", "--derived", derived.FullPath);
        var quiet = await server.AddAsync(VariedPhotos.Ensure(run, run.Photos));
        await server.ProgressWhenAsync(quiet, progress => !progress.Scanning);
        await using var node = await SharedNode.StartAsync(database, data.FullPath);
        await using var probe = await Probe.StartAsync(node, database);

        var changes = run.Quick ? 20 : 100; // a third of a second each, and the import must outlast them
        BenchRun.Say("Announcements while nothing else happens…");
        var idle = await probe.MeasureAsync(server, quiet, changes);
        await using var worker = await WorkerProcess.StartAsync(run, database, decoders: Environment.ProcessorCount, "--derived", derived.FullPath);
        await server.ProgressWhenAsync(quiet, progress => progress.IsComplete);
        var busy = await server.AddAsync(VariedPhotos.Ensure(run, run.MorePhotos));
        await server.ProgressWhenAsync(busy, progress => !progress.Scanning && progress.Ready > 0);
        BenchRun.Say("Announcements during an import…");
        var during = await probe.MeasureAsync(server, quiet, changes);
        var within = await probe.MeasureAsync(server, busy, changes / 3);
        var left = (await server.ProgressAsync(busy)).Pending;
        if (left == 0)
            throw new InvalidOperationException("The import ended before the measurement did.");
        return
        [
            Row("a change in one process to a message on the socket of another, idle", idle, DurablePostgres.Setting, Budget),
            Row(
                $"the same, while another process imports {run.MorePhotos:N0} photographs at full speed on {Environment.ProcessorCount} cores", during, $"{left:N0} were still pending at the end",
                Budget),
            Row("the same, on the socket of the library that is imported", within, "which sends at most one message per 100 ms", null),
        ];
    }

    private static Figure Row(string what, (Samples Told, Samples Bare) times, string compared, int? budget) => new(
        what,
        budget is null ? "" : $"p99 ≤ {budget} ms",
        $"p50 {times.Told.Median:0.0} ms, p99 {times.Told.At(0.99):0.0} ms",
        $"a bare `NOTIFY` to a connection that listens p50 {times.Bare.Median:0.0} ms, p99 {times.Bare.At(0.99):0.0} ms; worst of {times.Told.Count} {times.Told.Max:0.0} ms; {compared}",
        budget is null ? null : times.Told.At(0.99) <= budget);

    /// <summary>The process that commits, and the client of the other one: on one clock.</summary>
    private sealed class Probe : IAsyncDisposable
    {
        private readonly SharedNode _node;
        private readonly NpgsqlConnection _listening;
        private readonly NpgsqlConnection _notifying;
        private readonly Random _random = new(1);
        private readonly IDisposable _subscription;
        private long _committed;
        private long _heard;
        private int _changes;

        private Probe(SharedNode node, string database)
        {
            (_node, _listening, _notifying) = (node, new NpgsqlConnection(database), new NpgsqlConnection(database));
            _listening.Notification += (_, _) => _heard = Stopwatch.GetTimestamp();
            _subscription = node.Get<Announcements>().Subscribe(announcement =>
            {
                if (announcement is Announcement.TagsChanged)
                    Volatile.Write(ref _committed, Stopwatch.GetTimestamp());
            });
        }

        public static async Task<Probe> StartAsync(SharedNode node, string database)
        {
            var probe = new Probe(node, database);
            await probe._listening.OpenAsync();
            await probe._notifying.OpenAsync();
            await using var listen = new NpgsqlCommand("LISTEN bare", probe._listening);
            await listen.ExecuteNonQueryAsync();
            return probe;
        }

        public async Task<(Samples Told, Samples Bare)> MeasureAsync(ServerProcess server, string library, int changes)
        {
            using var socket = await server.ConnectAsync($"/ws/events?library={library}");
            long[] assets = [.. _node.Get<Database>().Read(connection => connection.Query(
                "SELECT id FROM assets WHERE library_id = @library ORDER BY id LIMIT 500", row => row.GetInt64(0), ("@library", long.Parse(library))))];
            (Samples Told, Samples Bare) times = (new(), new());
            await ChangeAsync(socket, assets[0]); // the way is compiled
            for (var i = 0; i < changes; i++)
            {
                times.Bare.Add(await NotifyAsync());
                // More than the 100 ms that a socket waits after a message, or that would be what is measured.
                await Task.Delay(250 + _random.Next(100));
                times.Told.Add(await ChangeAsync(socket, assets[_random.Next(assets.Length)]));
            }

            return times;
        }

        public async ValueTask DisposeAsync()
        {
            _subscription.Dispose();
            await _listening.DisposeAsync();
            await _notifying.DisposeAsync();
        }

        private async Task<double> NotifyAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await using var notify = new NpgsqlCommand("SELECT pg_notify('bare', 'x')", _notifying);
            var sent = notify.ExecuteNonQueryAsync();
            await _listening.WaitAsync();
            await sent;
            return Stopwatch.GetElapsedTime(start, _heard).TotalMilliseconds;
        }

        private async Task<double> ChangeAsync(ClientWebSocket socket, long asset)
        {
            var tag = $"tag {++_changes}";
            var told = UntilToldAsync(socket, $"\"{tag}\"");
            await _node.Get<TagStore>().AddAsync(asset, [tag], CancellationToken.None);
            return Stopwatch.GetElapsedTime(Volatile.Read(ref _committed), await told).TotalMilliseconds;
        }

        private static async Task<long> UntilToldAsync(ClientWebSocket socket, string text)
        {
            var buffer = new byte[1 << 20];
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                    throw new InvalidOperationException("The server closed the socket.");
                if (Encoding.UTF8.GetString(buffer, 0, length).Contains(text, StringComparison.Ordinal))
                    return Stopwatch.GetTimestamp();
            }
        }
    }
}
