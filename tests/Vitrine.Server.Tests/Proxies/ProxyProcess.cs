using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Vitrine.Tests.Architecture;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Proxies;

/// <summary>nginx or Caddy with the configuration of docs/proxies.md, with ports, addresses and certificate of this test put in; and a client that finds the name there.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    public const string Name = "photos.example.com";

    private readonly TemporaryFolder _folder = new("vitrine-proxy-");
    private readonly Process _process;
    private readonly int _port;
    private readonly string _fingerprint;

    private ProxyProcess(string program, Uri server)
    {
        _port = FreePort.Choose();
        _fingerprint = MakeCertificate();
        var page = File.ReadAllText(Path.Join(SourceTree.Root, "docs", "proxies.md"));
        var language = program == "nginx" ? "nginx" : "caddyfile";
        var configuration = Regex.Match(page, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value.Replace("127.0.0.1:7878", server.Authority);
        var file = _folder.File("proxy.conf", program == "nginx" ? Nginx(configuration) : Caddy(configuration));
        var start = new ProcessStartInfo(ProgramOrNull(program)!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in program == "nginx" ? new[] { "-p", _folder.Path, "-c", file, "-e", "stderr" } : ["run", "--adapter", "caddyfile", "--config", file])
            start.ArgumentList.Add(argument);
        (start.Environment["HOME"], start.Environment["XDG_DATA_HOME"], start.Environment["XDG_CONFIG_HOME"]) = (_folder.Path, _folder.Path, _folder.Path);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Errors += line.Data + "\n";
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Http = new HttpClient(Handler()) { BaseAddress = new Uri($"https://{Name}:{_port}"), Timeout = Patience.Limit };
    }

    public HttpClient Http { get; }

    public string Errors { get; private set; } = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where the program is not installed, and fails it in CI.</summary>
    public static async Task<ProxyProcess> StartAsync(string program, Uri server)
    {
        if (ProgramOrNull(program) is null)
        {
            var missing = $"{program} is not installed (apt-get install {program}).";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(missing);
            Assert.Skip(missing);
        }

        var proxy = new ProxyProcess(program, server);
        await Patience.UntilAsync(proxy.AnswersAsync, () => Task.FromResult(proxy.Errors));
        return proxy;
    }

    public async Task<ClientWebSocket> ConnectAsync(string path, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers)
            socket.Options.SetRequestHeader(name, value);
        using var invoker = new HttpMessageInvoker(Handler());
        await socket.ConnectAsync(new Uri($"wss://{Name}:{_port}{path}"), invoker, Cancelled);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Dispose();
    }

    private static string? ProgramOrNull(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(folder => Path.Join(folder, program)).FirstOrDefault(File.Exists);

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process.HasExited, Errors);
        try
        {
            using var answer = await Http.GetAsync("/api/health", Cancelled);
            return answer.StatusCode != HttpStatusCode.BadGateway;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Nginx(string configuration)
    {
        var server = configuration.Replace("listen 443", $"listen 127.0.0.1:{_port}").Replace($"/etc/ssl/{Name}", $"{_folder.Path}/certificate");
        return $$"""
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        daemon off;
        master_process off;
        pid {{_folder.Path}}/nginx.pid;
        events { }
        http {
            access_log off;
            client_body_temp_path {{_folder.Path}}/body;
            proxy_temp_path {{_folder.Path}}/proxy;
            fastcgi_temp_path {{_folder.Path}}/fastcgi;
            uwsgi_temp_path {{_folder.Path}}/uwsgi;
            scgi_temp_path {{_folder.Path}}/scgi;
            {{server}}
        }
        """;
    }

    /// <summary>Without HTTP/3: the UDP port of the same number is this process's sign that the port is taken.</summary>
    private string Caddy(string configuration)
    {
        var site = configuration.Replace(Name + " {", $"https://{Name}:{_port} {{\n\ttls {_folder.Path}/certificate.pem {_folder.Path}/certificate.key");
        return $$"""
        {
            admin off
            auto_https disable_redirects
            default_bind 127.0.0.1
            servers {
                protocols h1 h2
            }
        }
        {{site}}
        """;
    }

    private string MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _folder.File("certificate.pem", certificate.ExportCertificatePem());
        _folder.File("certificate.key", key.ExportPkcs8PrivateKeyPem());
        return certificate.GetCertHashString();
    }

    private SocketsHttpHandler Handler() => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _fingerprint },
        ConnectCallback = async (_, cancellationToken) =>
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            return client.GetStream();
        },
    };
}
