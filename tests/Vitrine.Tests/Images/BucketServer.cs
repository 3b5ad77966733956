using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Vitrine.Tests.Images;

/// <summary>As much of S3 over real HTTP as objects need: get, head, and put that may be refused when the object is there.</summary>
internal sealed class BucketServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;

    public BucketServer()
    {
        (_listener, Endpoint) = Listen();
        _serving = ServeAsync();
    }

    public Uri Endpoint { get; }

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    /// <summary>Method, path and answer of each request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Answers everything with this instead.</summary>
    public HttpStatusCode? Trouble { get; set; }

    public void Dispose() => _listener.Close();

    /// <summary>It takes no port 0.</summary>
    private static (HttpListener Listener, Uri Endpoint) Listen()
    {
        while (true)
        {
            var endpoint = new Uri($"http://127.0.0.1:{FreePort.Choose()}/");
            var listener = new HttpListener { Prefixes = { endpoint.ToString() } };
            try
            {
                listener.Start();
                return (listener, endpoint);
            }
            catch (HttpListenerException)
            {
                listener.Close(); // another process was faster
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var path = context.Request.Url!.AbsolutePath;
                var (status, answer) = Answer(context.Request, path, body.ToArray());
                Requests.Enqueue($"{context.Request.HttpMethod} {path} {(int)status}");
                context.Response.StatusCode = (int)status;
                await context.Response.OutputStream.WriteAsync(answer);
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private (HttpStatusCode Status, byte[] Answer) Answer(HttpListenerRequest request, string path, byte[] body)
    {
        if (Trouble is { } trouble)
            return (trouble, Error("InternalError"));
        if (request.HttpMethod == "GET")
            return Objects.TryGetValue(path, out var found) ? (HttpStatusCode.OK, found) : (HttpStatusCode.NotFound, Error("NoSuchKey"));
        if (request.HttpMethod == "HEAD")
            return (Objects.ContainsKey(path) ? HttpStatusCode.OK : HttpStatusCode.NotFound, []);
        if (request.Headers["If-None-Match"] == "*")
            return Objects.TryAdd(path, body) ? (HttpStatusCode.OK, []) : (HttpStatusCode.PreconditionFailed, Error("PreconditionFailed"));
        Objects[path] = body;
        return (HttpStatusCode.OK, []);
    }

    private static byte[] Error(string code) => Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
}
