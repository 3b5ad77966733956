using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Server.Metrics;
using Vitrine.Server.Tests.Cli;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Server.Tests.Metrics;

public sealed partial class MetricsTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Metrics_AfterAnImport_CountWhatWasDone()
    {
        for (var i = 0; i < 5; i++)
            _pictures.Jpeg($"{i}.jpg", 60, 40, seed: i);
        File.WriteAllText(_pictures.PathOf("broken.png"), "no picture");
        File.WriteAllText(_pictures.PathOf("model.stl"), "solid nothing\nendsolid nothing\n"); // goes through the embedding stage; pictures are embedded as they are read
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);

        // An end is counted after it was written.
        Dictionary<string, double> lines = [];
        await Patience.UntilAsync(async () => (lines = await ReadAsync(server)).ContainsKey("vitrine_failures_total{class=\"not_a_picture\"}")
            && lines.ContainsKey("vitrine_stage_duration_seconds_count{stage=\"embedding\"}"));

        Assert.Equal(6, lines[$"vitrine_assets{{library=\"{library}\",status=\"ready\"}}"]);
        Assert.Equal(1, lines[$"vitrine_assets{{library=\"{library}\",status=\"failed\"}}"]);
        Assert.Equal(0, lines[$"vitrine_assets{{library=\"{library}\",status=\"pending\"}}"]);
        // Events of other servers in this process are counted with them.
        Assert.True(lines["vitrine_claims_total{stage=\"metadata\",visible=\"false\"}"] >= 7);
        Assert.True(lines["vitrine_claims_settled_total{outcome=\"failed\"}"] >= 1);
        Assert.True(lines["vitrine_decode_duration_seconds_count{format=\"jpeg\",outcome=\"ok\"}"] >= 5);
        Assert.True(lines["vitrine_decode_duration_seconds_sum{format=\"jpeg\",outcome=\"ok\"}"] > 0);
        Assert.True(lines["vitrine_database_commit_duration_seconds_count{outcome=\"committed\"}"] > 0);
        Assert.True(lines["vitrine_stage_duration_seconds_count{stage=\"embedding\"}"] >= 1);
        Assert.True(lines["vitrine_decoders"] >= 1);
        Assert.True(lines["vitrine_process_memory_bytes"] > 1_000_000);
    }

    [Fact]
    public async Task Metrics_LibraryForgotten_HasNoLinesAnyMore()
    {
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        Assert.Contains($"vitrine_assets{{library=\"{library}\",status=\"ready\"}}", (await ReadAsync(server)).Keys);

        await server.Http.DeleteAsync($"/api/libraries/{library}", Token);

        Assert.DoesNotContain((await ReadAsync(server)).Keys, line => line.StartsWith("vitrine_assets{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_TwoServersInOneProcess_EachLooksUpItsOwn()
    {
        await using var server = await RunningServer.StartAsync();
        await using var other = await RunningServer.StartAsync();
        var asked = 0;
        other.Server.Services.GetRequiredService<EngineMeter>().Meter.CreateObservableGauge("vitrine.asked", () => ++asked, description: "A test's.");

        Assert.DoesNotContain("vitrine_asked", (await ReadAsync(server)).Keys);
        Assert.Equal(0, asked);
        Assert.Equal(1, (await ReadAsync(other))["vitrine_asked"]);
    }

    [Fact]
    public async Task Metrics_OneThatCannotBeLookedUp_LeavesTheOthers()
    {
        await using var server = await RunningServer.StartAsync();
        var meter = server.Server.Services.GetRequiredService<EngineMeter>().Meter;
        meter.CreateObservableGauge<int>("vitrine.broken", int () => throw new IOException("no database"), description: "A test's.");
        meter.CreateObservableGauge("vitrine.after", () => 42, description: "A test's, which is looked up after the one that cannot be.");

        var lines = await ReadAsync(server);

        Assert.DoesNotContain("vitrine_broken", lines.Keys);
        Assert.True(lines["vitrine_process_memory_bytes"] > 1_000_000);
        Assert.Equal(42, lines["vitrine_after"]);
    }

    [Fact]
    public async Task Metrics_WithoutTheToken_AreRefused()
    {
        await using var server = await RunningServer.StartAsync(options: new ServerOptions { Listen = "http://0.0.0.0:0" });

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, "/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/metrics", ("Authorization", $"Bearer {server.Server.Token!.Value}"))).StatusCode);
    }

    [Fact]
    public async Task Documentation_EveryMetric_IsListedWithItsTypeAndNoOther()
    {
        await using var server = await RunningServer.StartAsync();
        var there = server.Server.Services.GetRequiredService<MetricsCollector>().Metrics.Select(metric => $"{metric.Name.Name} {metric.Name.Type}");
        var listed = File.ReadLines(Path.Join(RepositoryRoot(), "docs", "metrics.md")).Select(line => TableRow().Match(line))
            .Where(row => row.Success).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}");

        Assert.Equal(there.Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_EveryKind_IsTextThatPrometheusReads()
    {
        using var meter = new Meter("test of the text");
        var counter = new Metric(meter.CreateCounter<long>("some.files", "{file}", "Files with \\ and\na line break."));
        counter.Measured(2, [new("path", "a\\b \"c\"\nd")]);
        counter.Measured(3, [new("path", "a\\b \"c\"\nd")]);
        var histogram = new Metric(meter.CreateHistogram("some.time", "s", "Time.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] }));
        foreach (var value in new[] { 0.1, 0.5, 7 })
            histogram.Measured(value, [new("stage", "one")]);
        var gauge = new Metric(meter.CreateObservableGauge("some.memory", () => 0, "By", "Memory."));
        gauge.Measured(1.5e9, []);
        gauge.Measured(0.25, []);

        Assert.Equal(
            """
            # HELP some_files_total Files with \\ and\na line break.
            # TYPE some_files_total counter
            some_files_total{path="a\\b \"c\"\nd"} 5
            # HELP some_memory_bytes Memory.
            # TYPE some_memory_bytes gauge
            some_memory_bytes 0.25
            # HELP some_time_seconds Time.
            # TYPE some_time_seconds histogram
            some_time_seconds_bucket{stage="one",le="0.1"} 1
            some_time_seconds_bucket{stage="one",le="1"} 2
            some_time_seconds_bucket{stage="one",le="+Inf"} 3
            some_time_seconds_sum{stage="one"} 7.6
            some_time_seconds_count{stage="one"} 3

            """,
            PrometheusText.Write([histogram, gauge, counter]));
    }

    [Fact]
    public async Task Log_MostTalkative_HoldsNoToken()
    {
        using var scratch = new ScratchFolder();
        using var program = CliProgram.Start([("VITRINE_LOG_LEVEL", "trace")], "serve", "--data", scratch.Data, "--listen", "http://0.0.0.0:0", scratch.WritePictures(2));
        var listens = await program.ReadLineAsync();
        await program.ReadLineAsync(); // the one place where a new token is shown
        var address = new Uri($"http://127.0.0.1:{new Uri(listens!.Split(' ')[^1]).Port}");
        var token = File.ReadAllText(Path.Join(scratch.Data, "access-token")).Trim();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address, Timeout = Patience.Limit };
        Assert.Equal(HttpStatusCode.Redirect, (await http.GetAsync($"/?token={token}", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync($"/api/libraries?token={token}", Token)).StatusCode);
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/metrics", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/api/libraries/4711", Token)).StatusCode);
        Assert.DoesNotContain(token, await http.GetStringAsync("/metrics", Token), StringComparison.Ordinal);

        await http.GetStringAsync("/sse/progress/1", Token); // ends when the import does
        var log = program.ReadErrorsAsync();
        await program.InterruptAsync();

        Assert.Contains("Scanned", await log, StringComparison.Ordinal);
        Assert.DoesNotContain(token, await log, StringComparison.Ordinal);
    }

    /// <summary>Every line by its name and labels; a line that is none fails.</summary>
    private static async Task<Dictionary<string, double>> ReadAsync(RunningServer server)
    {
        var answer = await server.Http.GetAsync("/metrics", Token);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        return lines.Where(line => line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Join(folder!.FullName, "Vitrine.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `(vitrine_\w+)` \| (\w+) \|")]
    private static partial Regex TableRow();

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? (-?[0-9.E+-]+|NaN|[+-]Inf))$""")]
    private static partial Regex Line();
}
