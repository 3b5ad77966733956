using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vitrine.Caching;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Server.Api;
using Vitrine.Server.Description;
using Vitrine.Server.Errors;
using Vitrine.Server.Live;
using Vitrine.Server.Logging;
using Vitrine.Server.Metrics;
using Vitrine.Server.Requests;
using Vitrine.Server.Screen;
using Vitrine.Server.Security;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Server;

/// <summary>A running Vitrine: engine, API and screen over one data folder.</summary>
public sealed class VitrineServer : IAsyncDisposable
{
    /// <summary>Bytes: of the longest search each character may be three bytes, each written as %FF; the rest of the address is short.</summary>
    private const int LongestAddress = (AssetFilter.Longest * 9) + 8_192;

    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly CancellationTokenSource _stopping = new();

    private readonly KeptToken? _token;

    private VitrineServer(WebApplication app, DataFolder folder, KeptToken? token)
    {
        (_app, _folder, _token) = (app, folder, token);
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        WarmedUp = WarmUp.RunAsync(app.Services, new Uri(Address), Token?.Value, _stopping.Token);
    }

    /// <summary>Where it listens, with the port it was given.</summary>
    public string Address { get; }

    /// <summary>What a client needs now; null where none is asked for.</summary>
    public AccessToken? Token => _token?.Current;

    public IServiceProvider Services => _app.Services;

    /// <summary>Completes when what it does to answer the first person sooner is done.</summary>
    internal Task WarmedUp { get; }

    /// <summary>Takes the data folder, opens the database, listens, then goes on with the work.</summary>
    /// <exception cref="DataFolderException">Another process uses the data folder, or it cannot be written.</exception>
    /// <exception cref="DatabaseUnavailableException">The database cannot be opened.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is none of this machine, or may not be listened on.</exception>
    public static Task<VitrineServer> StartAsync(VitrineOptions engine, ServerOptions options, CancellationToken cancellationToken) =>
        StartAsync(engine, options, _ => { }, cancellationToken);

    /// <param name="replace">Puts a real edge of the engine aside: its database, its clock, how decoders are started.</param>
    internal static Task<VitrineServer> StartAsync(
        VitrineOptions engine, ServerOptions options, Action<IServiceCollection> replace, CancellationToken cancellationToken) =>
        StartAsync(engine, options, replace, indexer => indexer.StartAsync(cancellationToken), cancellationToken);

    /// <summary>As <see cref="StartAsync(VitrineOptions, ServerOptions, CancellationToken)"/>, but begins no work by itself: for a command that changes one thing.</summary>
    internal static Task<VitrineServer> StartAtRestAsync(VitrineOptions engine, ServerOptions options, CancellationToken cancellationToken) =>
        StartAsync(engine, options, _ => { }, indexer => indexer.StartAtRestAsync(cancellationToken), cancellationToken);

    private static async Task<VitrineServer> StartAsync(
        VitrineOptions engine, ServerOptions options, Action<IServiceCollection> replace, Func<Indexer, Task> begin, CancellationToken cancellationToken)
    {
        var folder = DataFolder.Hold(engine.DataFolder);
        WebApplication? app = null;
        try
        {
            var token = options.NeedsToken ? new KeptToken(folder.FullPath, AccessToken.ReadOrMake(folder.FullPath, options.NewToken)) : null;
            app = Build(engine with { DataFolder = folder.FullPath }, options, token, replace);
            if (folder.Closed is { } closed)
                app.Services.GetRequiredService<ILogger<DataFolder>>().LogWarning("{Closed}", closed);
            app.Services.GetRequiredService<MetricsCollector>(); // counts from the first claim on
            await begin(app.Services.GetRequiredService<Indexer>());
            await app.StartAsync(cancellationToken);
            var server = new VitrineServer(app, folder, token);
            folder.PublishAddress(server.Address);
            return server;
        }
        catch
        {
            if (app is not null)
                await StopAsync(app);
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <exception cref="DatabaseUnavailableException">What it had to write at its end could not be written: the message says why.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await WarmedUp;
        try
        {
            await StopAsync(_app);
        }
        finally
        {
            _folder.Dispose();
            _stopping.Dispose();
        }
    }

    private static async Task StopAsync(WebApplication app)
    {
        await app.StopAsync();
        try
        {
            await app.Services.GetRequiredService<Indexer>().DisposeAsync();
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>Whether routing itself has answered, which it does without a word: another method, or a value in the address that no call takes.</summary>
    private static bool IsUnrouted(HttpContext context) => context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        || (context.Response.StatusCode == StatusCodes.Status404NotFound && context.GetEndpoint() is null);

    private static WebApplication Build(VitrineOptions engine, ServerOptions options, KeptToken? token, Action<IServiceCollection> replace)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(options.Listen);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = LongestAddress;
        });
        // Quiet, and without request lines, which would hold tokens of the first visit. Standard output is for answers.
        builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddLines();
        // A start that fails throws, and who started the server says why.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // What jobs say is kept with them, however quiet the console is.
        builder.Logging.AddFilter<JobLog>("Vitrine", LogLevel.Information).AddFilter<JobLog>("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        // A parameter or body that cannot be read is answered like any other error, not with a bare 400.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddVitrine(engine).AddSingleton<MetricsCollector>();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi(document => ApiDocument.Describe(document)); // a lambda: the generator that reads the comments of types knows no other form
        replace(builder.Services);
        var app = builder.Build();
        app.Use(SecurityHeaders.AddAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = ErrorAnswers.WriteUnexpectedAsync,
            SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException or SnapshotLoadingException or JobDoesNotEndException // the client is told, and nothing is broken
                or DatabaseUnavailableException { IsTold: true }, // the log has it from where it was met
        });
        var taken = new TakenMethods(app.Services.GetRequiredService<EndpointDataSource>(), app.Services.GetRequiredService<ParameterPolicyFactory>());
        var screen = new ScreenFiles(options.ScreenFolder ?? Path.Join(AppContext.BaseDirectory, "wwwroot"));
        var unrouted = new UnroutedRequests(taken, screen.ServeAsync);
        app.UseStatusCodePages(status => IsUnrouted(status.HttpContext)
            ? unrouted.AnswerAsync(status.HttpContext)
            : ErrorAnswers.WriteBareStatusAsync(status.HttpContext));
        app.UseForwardedHeaders(TrustedProxies.Options(options));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(15) });
        app.Use(next => new OriginGate(options, next).InvokeAsync);
        if (token is not null)
            app.Use(next => new TokenGate(token, app.Services.GetRequiredService<TimeProvider>(), next).InvokeAsync);
        app.UseRouting();
        app.Use(next => new RequestGate(app.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions, next).InvokeAsync);
        var routes = app.MapGroup("").AnswerHead();
        routes.MapLibraries();
        routes.MapAssets();
        routes.MapPictures();
        routes.MapFailures();
        routes.MapTags();
        routes.MapJobs();
        routes.MapWorkers();
        routes.MapProgress();
        routes.MapHealth();
        routes.MapEvents();
        routes.MapMetrics();
        if (options.ComparedFolder is { } compared)
            routes.MapComparison(compared);
        routes.MapOpenApi();
        app.MapFallback("{**path}", unrouted.AnswerAsync).WithMetadata(new HttpMethodMetadata(UnroutedRequests.OfTheScreen));
        return app;
    }
}
