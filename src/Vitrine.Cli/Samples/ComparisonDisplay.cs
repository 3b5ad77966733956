using Spectre.Console;
using Vitrine.Cli.Output;

namespace Vitrine.Cli.Samples;

/// <summary>The two stopwatches while they run: on standard error, where that is a terminal.</summary>
internal static class ComparisonDisplay
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(100);

    public static Task ShowAsync(ImportComparison comparison, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
            return comparison.RunAsync(cancellationToken);
        var console = TerminalCanvas.Open();
        return console.Live(Draw(comparison)).AutoClear(true).StartAsync(async shown =>
        {
            var running = comparison.RunAsync(cancellationToken);
            while (await Task.WhenAny(running, Task.Delay(s_refresh, CancellationToken.None)) != running)
                shown.UpdateTarget(Draw(comparison));
            await running;
        });
    }

    private static Table Draw(ImportComparison comparison)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("", "first picture", "all files");
        foreach (var watch in (ImportStopwatch[])[comparison.Foreground, comparison.Background])
            table.AddRow(new Text(watch.Name), new Text(watch.First), new Text(watch.All));
        return table;
    }
}
