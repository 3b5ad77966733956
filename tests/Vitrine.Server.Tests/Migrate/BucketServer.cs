using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vitrine.Server.Tests.Migrate;

/// <summary>So much of S3 as thumbnails need: HEAD, GET and conditional PUT of whole objects, without looking at signatures.</summary>
internal sealed class BucketServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _writes;

    private BucketServer(WebApplication app) => _app = app;

    /// <summary>Bucket and key, as in the path, and what is kept.</summary>
    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>How often something was sent, refused or not.</summary>
    public int Writes => _writes;

    public string Address => _app.Urls.Single();

    public static async Task<BucketServer> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new BucketServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync(cancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var key = context.Request.Path.Value!;
        if (HttpMethods.IsPut(context.Request.Method))
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Interlocked.Increment(ref _writes);
            var isNew = Objects.TryAdd(key, body.ToArray());
            context.Response.StatusCode = isNew || context.Request.Headers.IfNoneMatch.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status412PreconditionFailed;
            return;
        }

        if (!Objects.TryGetValue(key, out var kept))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentLength = kept.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(kept, context.RequestAborted);
    }
}
