using Spectre.Console;
using Vitrine.Cli.Output;
using Vitrine.Transfer;

namespace Vitrine.Cli.Progress;

/// <summary>Shows a move on standard error: one line that is written over on a terminal, else a line now and then.</summary>
internal sealed class TransferDisplay : IDisposable
{
    private static readonly TimeSpan s_lineInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly bool _inLines = Console.IsErrorRedirected;
    private readonly IAnsiConsole _console = TerminalCanvas.Open();
    private (string, TransferStep) _last;
    private long _shownAt;
    private bool _onLine;

    /// <summary>Thread-safe; told more often than is shown.</summary>
    public void Show(TransferProgress progress)
    {
        lock (_gate)
        {
            var isNew = _last != (progress.Library, progress.Step);
            if (!isNew && TimeProvider.System.GetElapsedTime(_shownAt) < (_inLines ? s_lineInterval : s_refresh))
                return;
            (_last, _shownAt) = ((progress.Library, progress.Step), TimeProvider.System.GetTimestamp());
            if (_inLines)
            {
                Console.Error.WriteLine(TextOf(progress));
                return;
            }

            Clear();
            _console.Write(new Text(TextOf(progress)).Overflow(Overflow.Ellipsis));
            _onLine = true;
        }
    }

    /// <summary>Takes the line away, so that what follows stands alone.</summary>
    public void End()
    {
        lock (_gate)
            Clear();
    }

    public void Dispose() => End();

    internal static string TextOf(TransferProgress progress)
    {
        var step = progress.Step switch
        {
            TransferStep.Thumbnails => "thumbnails",
            TransferStep.StartingOver => "starting over",
            TransferStep.Copying => "copying",
            TransferStep.Checking => "checking",
            _ => throw new ArgumentOutOfRangeException(nameof(progress), progress.Step, "Not a step."),
        };
        var counts = progress switch
        {
            { Total: > 0 } => $", {progress.Done:N0} of {progress.Total:N0}",
            { Done: > 0 } => $", {progress.Done:N0} rows",
            _ => "",
        };
        return $"{step}: {TerminalText.OneLine(progress.Library)}{counts}";
    }

    private void Clear()
    {
        if (_onLine)
            _console.Write(new ControlCode("\r\e[2K"));
        _onLine = false;
    }
}
