using Microsoft.Extensions.Hosting;

namespace Vitrine.Server;

/// <summary>
/// Who starts the server ends it. The host's usual lifetime would also listen to SIGTERM and Ctrl+C, and would swallow the second one,
/// with which a person ends a program that takes too long to end.
/// </summary>
internal sealed class OwnersLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
