using Vitrine.Storage;

namespace Vitrine.Tests.Storage;

/// <summary>Holds the writer in a piece of work, so that what is handed over meanwhile waits together.</summary>
internal sealed class WriterGate : IDisposable
{
    private readonly ManualResetEventSlim _held = new();
    private readonly ManualResetEventSlim _open = new();

    public WriterGate(Database database)
    {
        _ = database.WriteAsync(
            _ =>
            {
                _held.Set();
                _open.Wait();
            },
            WriteUrgency.Urgent,
            CancellationToken.None);
        _held.Wait();
    }

    public void Open() => _open.Set();

    public void Dispose()
    {
        _open.Set();
    }
}
