using System.Diagnostics;
using Vitrine.Tests.Architecture;
using Xunit;

namespace Vitrine.Tests.Postgres;

/// <summary>
/// PostgreSQL compiled to WebAssembly, with pgvector, in a child process: tests/pglite/serve.mjs. All its connections share one session and
/// run in turn, so it shows what pgvector answers, and nothing about several processes at once.
/// </summary>
internal sealed class PgliteServer : IAsyncDisposable
{
    private readonly Process _process;

    private PgliteServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <remarks>No reset: it would take every connection's prepared statements away, as they are in one session.</remarks>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;SSL Mode=Disable;No Reset On Close=true;Timeout=300;Command Timeout=300;Include Error Detail=true";

    /// <summary>Skips the test where its packages are not installed, and fails it in CI.</summary>
    public static async Task<PgliteServer> StartAsync()
    {
        var folder = Path.Join(SourceTree.Root, "tests", "pglite");
        if (!Directory.Exists(Path.Join(folder, "node_modules")))
        {
            const string Missing = "PostgreSQL with pgvector is not installed: run npm ci in tests/pglite, or ./test.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(Missing);
            Assert.Skip(Missing);
        }

        var process = Process.Start(new ProcessStartInfo("node", [Path.Join(folder, "serve.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        })!;
        if (await process.StandardOutput.ReadLineAsync() is { } port)
            return new PgliteServer(process, int.Parse(port));
        await process.WaitForExitAsync();
        throw new InvalidOperationException($"tests/pglite/serve.mjs ended with {process.ExitCode} before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // with which it ends
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
