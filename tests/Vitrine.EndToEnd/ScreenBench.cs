using System.Globalization;
using System.Text;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vitrine.EndToEnd;

/// <summary>
/// Not a test: how fast the screen answers while a folder is imported at full speed. <c>bench/screen</c> runs it and prints its table.
/// Each time goes from the input event to the frame after the answer was drawn.
/// </summary>
public sealed class ScreenBench(Chromium chromium) : ScreenTest(chromium)
{
    private const int Presses = 30;
    private const int Wheels = 150;
    private const int Jumps = 30;

    /// <summary>Times one kind of answer: <c>expect(type, isDone)</c> waits for the next input of that type, then for the frame after <c>isDone</c>.</summary>
    private const string Stopwatch = """
        window.expectAnswer = (type, isDone) => {
          window.answered = new Promise((resolve) => {
            addEventListener(type, (event) => {
              const from = event.timeStamp;
              const look = () => {
                if (!isDone()) return requestAnimationFrame(look);
                // A frame callback runs before its frame is drawn; a message posted in it arrives after.
                requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => resolve(performance.now() - from); port2.postMessage(null); });
              };
              look();
            }, { capture: true, once: true });
          });
        };
        """;

    [Fact(Explicit = true, Timeout = 600_000)]
    public async Task ClickToAnswer_DuringImport_IsMeasured()
    {
        var folder = Environment.GetEnvironmentVariable("VITRINE_BENCH_FOLDER") is { Length: > 0 } named ? named : NewFolder().WithLinkedPictures(20_000).Path;
        var vitrine = await StartAsync(isWatching: true); // as it is for a person
        var screen = await OpenAsync(vitrine);
        var page = screen.Page;
        await page.AddInitScriptAsync(Stopwatch);
        var library = await vitrine.AddLibraryAsync(folder);
        await screen.GoToLibraryAsync(library);
        var progress = page.GetByTestId("progress");
        await Expect(progress).ToHaveAttributeAsync("data-phase", "metadata", new() { Timeout = 60_000 });
        await Expect(screen.Tiles.First).ToBeVisibleAsync();
        var startedAt = await page.EvaluateAsync<double>("() => performance.now()");
        var isAllDuring = true;

        var box = (await screen.Grid.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        var wheels = new List<double>();
        for (var i = 0; i < Wheels; i++)
        {
            await page.EvaluateAsync("() => { const grid = document.querySelector('[data-testid=grid]'); const before = grid.scrollTop; expectAnswer('wheel', () => grid.scrollTop !== before); }");
            await page.Mouse.WheelAsync(0, 400);
            wheels.Add(await page.EvaluateAsync<double>("() => answered"));
        }

        var jumps = new List<double>();
        for (var i = 0; i < Jumps; i++)
        {
            // What the scrollbar does; the answer is a window full of names.
            jumps.Add(await page.EvaluateAsync<double>("""
                (part) => {
                  const grid = document.querySelector('[data-testid=grid]');
                  const frame = grid.getBoundingClientRect();
                  const inView = () => [...grid.querySelectorAll('[data-testid=tile]')].filter((tile) => { const box = tile.getBoundingClientRect(); return box.top < frame.bottom && box.bottom > frame.top; });
                  const before = new Set(inView().map((tile) => tile.dataset.index));
                  expectAnswer('scroll', () => {
                    const tiles = inView();
                    return tiles.length > 0 && tiles.every((tile) => tile.dataset.assetId && !before.has(tile.dataset.index));
                  });
                  grid.scrollTop = part * (grid.scrollHeight - grid.clientHeight);
                  return answered;
                }
                """, i % 2 == 0 ? 0.9 - (i * 0.02) : 0.1 + (i * 0.02)));
        }

        var presses = new List<double>();
        for (var i = 0; i < Presses; i++)
        {
            var (button, status) = i % 2 == 0 ? ("pause", "paused") : ("resume", "in_progress");
            isAllDuring &= await progress.GetAttributeAsync("data-status") is "in_progress" or "paused";
            await page.EvaluateAsync("(status) => expectAnswer('click', () => document.querySelector('[data-testid=progress]').dataset.status === status)", status);
            await page.GetByTestId(button).ClickAsync();
            presses.Add(await page.EvaluateAsync<double>("() => answered"));
        }
        var snapshot = await vitrine.GetAsync($"/api/progress/{library}");
        isAllDuring &= snapshot.GetProperty("status").GetString() == "in_progress";
        var longTasks = (await screen.ReadAsync("window.seen.longTasks")).EnumerateArray().Where(task => task.GetProperty("at").GetDouble() > startedAt)
            .Select(task => task.GetProperty("ms").GetDouble()).ToArray();

        var table = new StringBuilder("| click to answer in Chromium during an import | n | p50 | p95 | max |\n|---|---:|---:|---:|---:|\n");
        Row(table, "pause and resume button → status drawn", presses);
        Row(table, "wheel → scrolled frame drawn", wheels);
        Row(table, "jump by scrollbar → window of names drawn", jumps);
        table.AppendLine(CultureInfo.InvariantCulture, $"| long tasks over 50 ms (longest {longTasks.DefaultIfEmpty(0).Max():f0} ms) | {longTasks.Length} | | | |");
        table.AppendLine();
        var isMet = longTasks.Length == 0 && new[] { presses, wheels, jumps }.All(answers => At(answers, 0.95) <= 100);
        table.AppendLine(
            CultureInfo.InvariantCulture,
            $"{(isMet ? "met" : "missed")}: p95 {At(presses, 0.95):f0} ms for the button, {At(wheels, 0.95):f0} ms for the wheel, {At(jumps, 0.95):f0} ms for a jump; {longTasks.Length} long tasks, the longest {longTasks.DefaultIfEmpty(0).Max():f0} ms");
        TestContext.Current.SendDiagnosticMessage(table.ToString());
        if (Environment.GetEnvironmentVariable("VITRINE_BENCH_TABLE") is { Length: > 0 } path)
            await File.WriteAllTextAsync(path, table.ToString(), TestContext.Current.CancellationToken);
        Assert.True(isAllDuring, "The import was over before the measurement: give it a larger folder.");
    }

    private static void Row(StringBuilder table, string name, List<double> milliseconds)
    {
        milliseconds.Sort();
        table.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {name} | {milliseconds.Count} | {At(milliseconds, 0.5):f0} ms | {At(milliseconds, 0.95):f0} ms | {At(milliseconds, 1):f0} ms |");
    }

    /// <summary>The value below which this part of the sorted ones lies.</summary>
    private static double At(List<double> sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Count) - 1];
}
