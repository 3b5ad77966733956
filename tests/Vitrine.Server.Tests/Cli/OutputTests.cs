using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Spectre.Console.Rendering;
using Vitrine.Cli.Output;
using Vitrine.Cli.Progress;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Server.Logging;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
using Vitrine.Transfer;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

/// <summary>What a terminal shows: the bar, the machines, the log.</summary>
public sealed class OutputTests
{
    [Fact]
    public void Line_AnySnapshot_HasItsBarInTheSamePlace()
    {
        var (output, line) = (new StringWriter(), new ProgressLine());
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        var shown = new List<string>();
        foreach (var snapshot in new[] { Snapshot(scanning: true, ready: 0), Snapshot(scanning: false, ready: 500), Snapshot(scanning: false, ready: 1000) })
        {
            line.Show(snapshot);
            console.Write(line.Render(RenderOptions.Create(console), null!, TimeSpan.Zero));
            shown.Add(output.ToString());
            output.GetStringBuilder().Clear();
        }

        Assert.StartsWith("scanning  [------------------------]       ", shown[0], StringComparison.Ordinal);
        Assert.StartsWith("embedding [############------------]  50%  500 of 1,000 ready", shown[1], StringComparison.Ordinal);
        Assert.StartsWith("done      [########################] 100%  1,000 of 1,000 ready", shown[2], StringComparison.Ordinal);
        Assert.All([-1.0, 0, 0.3, 1, 2], part => Assert.Equal(ProgressLine.BarWidth, string.Concat(ProgressLine.Bar(part, isPlain: false)).Count(letter => letter == '━')));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(80)]
    public void Line_NarrowTerminal_IsOneRowWithWhatFits(int width)
    {
        var (output, line) = (new StringWriter(), new ProgressLine());
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        line.Show(Snapshot(scanning: false, ready: 500) with { EtaSeconds = 4, Failed = 2 });

        console.Write(new Grid().AddColumn(new GridColumn().NoWrap()).AddRow(line.Render(RenderOptions.Create(console), null!, TimeSpan.Zero))); // as the bar puts it

        var row = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.InRange(row.Length, 1, width);
        Assert.StartsWith(width == 20 ? "embedding [" : width == 60 ? "embedding [#####-----]  50%  500 of 1,000 ready" : "embedding [############------------]  50%  500 of 1,000 ready", row, StringComparison.Ordinal);
        Assert.DoesNotContain("left", row, StringComparison.Ordinal); // it has no room
    }

    [Fact]
    public void Formatter_EveryKindOfEvent_IsOneLineWithItsTime_AndAMistakeHasItsStack()
    {
        var time = new ManualTime();
        var stamp = $"{time.GetLocalNow():yyyy-MM-dd HH:mm:ss} ";

        Assert.Equal($"{stamp}Scanned /a b: 1 added\n", Format(time, LogLevel.Information, "Scanned /a\nb: 1 added", null));
        Assert.Equal($"{stamp}warning: odd\n", Format(time, LogLevel.Warning, "odd", null));
        Assert.Equal($"{stamp}error: Job x failed: the disk is full\n", Format(time, LogLevel.Error, "Job x failed", new IOException("the disk is full")));
        Assert.Equal($"{stamp}error: Job x failed: gone\n", Format(time, LogLevel.Error, "Job x failed", new DatabaseUnavailableException("gone")));
        var mistake = Format(time, LogLevel.Error, "Job x failed", new InvalidOperationException("a mistake"));
        Assert.StartsWith($"{stamp}error: Job x failed\nSystem.InvalidOperationException: a mistake", mistake, StringComparison.Ordinal);
        Assert.Equal($"{stamp}Scanned \uFFFDgpj\uFFFD a\n", Format(time, LogLevel.Information, "Scanned \u202Egpj\t\ra", null));
        Assert.Contains("Exception: red \uFFFD[31m \uFFFDgpj", Format(time, LogLevel.Error, "Job x failed", new InvalidOperationException("red \e[31m \u2066gpj")), StringComparison.Ordinal);
    }

    [Fact]
    public void Transfer_NameOfALibrary_IsCleaned() =>
        Assert.Equal("copying: a\uFFFD[2Kb\uFFFD, 1,000 of 2,000", TransferDisplay.TextOf(new TransferProgress("a\e[2Kb\n", TransferStep.Copying, 1000, 2000)));

    [Fact]
    public void Status_OneMachineOrMore_HasOneRateForEach()
    {
        var library = new LibraryItem(
            "1", "Pho\etos", "/photos", false, false, DateTimeOffset.UnixEpoch, 3, null, 0, new FollowingItem(FollowMode.Off, null), Snapshot(scanning: false, ready: 500));
        WorkerItem[] workers =
        [
            new(1, "attic", 4711, [Stage.Metadata, Stage.Embedding], 0, 20, false, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch),
            new(2, "cellar", 4712, [], 12.5, 0, true, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch),
        ];

        var alone = Printed(() => StatusText.Print(new StatusReport("http://a", true, "/data", [library], workers[..1], null)));
        var together = Printed(() => StatusText.Print(new StatusReport("http://a", true, "/data", [library], workers, "The disk is full.")));
        var stopped = Printed(() => StatusText.Print(new StatusReport(null, false, "/data", [library], [], null)));

        Assert.Equal(
            """
            Served at http://a
            1  Pho�tos  /photos
                embedding: 1,000 files, 500 pending, 0 indexed, 0 embedding, 500 ready, 0 failed, 3 skipped, 12 files/s

            """,
            alone);
        Assert.StartsWith("Served at http://a\nWork is held up. The disk is full.\n", together, StringComparison.Ordinal);
        Assert.Contains("attic, process 4711: metadata, embedding, 0.0 files/s, 20 claims, last heard at 00:00:00Z\ncellar, process 4712: only serves, 12.5 files/s, 0 claims", together, StringComparison.Ordinal);
        Assert.EndsWith("silent\n", together, StringComparison.Ordinal);
        var away = Printed(() => StatusText.Print(new StatusReport(
            "http://a", true, "/data", [library with { Offline = new OfflineItem(DateTimeOffset.UnixEpoch, "is not there"), Missing = 600 }, library with { Missing = 1 }], [], null)));
        Assert.Contains("\n    Offline. The folder is not there. Nothing is removed, and everything goes on by itself when it is back.\n    600 files are gone. ", away, StringComparison.Ordinal);
        Assert.Contains("\n    1 file is gone. That is more than half of the library, so they stay in it until 'vitrine import", away, StringComparison.Ordinal);
        Assert.StartsWith("No server runs on /data", stopped, StringComparison.Ordinal);
        Assert.Contains("waits for a server: 1,000 files", stopped, StringComparison.Ordinal);
    }

    private static string Printed(Action print)
    {
        var output = Console.Out;
        using var said = new StringWriter();
        Console.SetOut(said);
        try
        {
            print();
            return said.ToString();
        }
        finally
        {
            Console.SetOut(output);
        }
    }

    private static string Format(TimeProvider time, LogLevel level, string text, Exception? exception)
    {
        using var output = new StringWriter();
        new LineFormatter(time).Write(new LogEntry<string>(level, "Vitrine.X", default, text, exception, (state, _) => state), null, output);
        return output.ToString();
    }

    private static ProgressItem Snapshot(bool scanning, long ready) => new(
        "1", "2", scanning ? ProgressPhase.Scanning : ready == 1000 ? ProgressPhase.Done : ProgressPhase.Embedding, ready == 1000 ? ProgressStatus.Complete : ProgressStatus.InProgress,
        scanning, 1000, 1000 - ready, 0, 0, ready, 0, 12.5, null, 1, DateTimeOffset.UnixEpoch);
}
