using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Server;

/// <summary>
/// Walks the way of a person's first requests once, right after listening, so that they do not wait for the compiler: the first
/// POST answers in a third of the time (docs/benchmarks.md). It changes nothing.
/// </summary>
internal static class WarmUp
{
    public static async Task RunAsync(IServiceProvider services, Uri address, string? token, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(address, token, "POST", "/api/libraries", """{"path":""}""", cancellationToken);
            await SendAsync(address, token, "GET", "/api/libraries", "", cancellationToken);
            await SendAsync(address, token, "GET", "/api/libraries/0/assets?limit=1", "", cancellationToken);
            services.GetRequiredService<BrowseIndex>().WarmUp();
            services.GetRequiredService<AssetStore>().Find([0]);
            WritePage(services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // the server is stopping, or its address cannot be reached from here: the first person waits a little longer
        }
    }

    /// <summary>The first page of a folder is asked for while its scan has the processors: its text must not wait for the compiler then.</summary>
    private static void WritePage(JsonSerializerOptions options)
    {
        var asset = new Asset(
            1, 1, "a.jpg", AssetKind.Image, AssetStatus.Pending, 1, default, default, 0, null, null, null, null, null, false, null, null, null, null);
        JsonSerializer.SerializeToUtf8Bytes(
            new AssetPage(1, 0, [AssetItem.Of(asset)], new Coverage(1, 1, null)), options.GetTypeInfo(typeof(AssetPage)));
    }

    /// <summary>A request by hand: an HTTP client would cost more than it warms.</summary>
    private static async Task SendAsync(
        Uri address, string? token, string method, string path, string body, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host is "0.0.0.0" or "[::]" or "+" or "*" ? "localhost" : address.Host, address.Port, cancellationToken);
        var stream = client.GetStream();
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        var request = $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}Content-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        await stream.CopyToAsync(Stream.Null, cancellationToken);
    }
}
