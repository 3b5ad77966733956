using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Spectre.Console.Rendering;
using Vitrine.Cli.Progress;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Server.Logging;
using Vitrine.Storage;
using Vitrine.Tests.Contracts;
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
