using Xunit;

namespace Vitrine.Tests.Contracts;

/// <summary>Runs the rebuilds of caches when a test says so.</summary>
internal static class Rebuilds
{
    /// <summary>Everything that was asked for before this.</summary>
    public static async Task RunAskedAsync(Stores stores)
    {
        using var stop = new CancellationTokenSource();
        stores.Rebuilder.Ask(stop.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stores.Rebuilder.RunAsync(stop.Token));
    }
}
