using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Description;
using Vitrine.Storage;
using Vitrine.Tags;

namespace Vitrine.Server.Api;

/// <summary>Alive, ready, and figures.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/health", () => TypedResults.Ok(new Health("alive"))).WithTags("health").WithName("getHealth")
            .WithSummary("Whether the server is alive")
            .WithDescription("Asks neither the database nor a disk.")
            .WithMetadata(new AsksNoDatabase());
        routes.MapGet("/api/ready", Ready).WithTags("health").WithName("getReadiness")
            .WithSummary("Whether the server can answer, feature by feature")
            .WithDescription("503, with the same content, while the database cannot be read.")
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
        routes.MapGet("/api/stats", Stats).WithTags("health").WithName("getStatistics")
            .WithSummary("Figures of the process")
            .WithDescription("Uptime, memory, queues, the database, decoders and every cache.");
    }

    private static Results<Ok<Readiness>, JsonHttpResult<Readiness>> Ready(
        Database database, Outages outages, BrowseIndex browse, IVectorSearch vectors, IEmbedder embedder, DecoderPool decoders)
    {
        var (databaseReady, databaseDetail) = Try(database, outages);
        var databaseState = databaseReady ? FeatureState.Ready : FeatureState.Failed;
        var orders = browse.Loading;
        var browsing = databaseReady && orders.Count > 0
            ? (State: FeatureState.Loading, Detail: $"reading for the first time: {string.Join(", ", orders)}")
            : (State: databaseState, Detail: databaseDetail);
        FeatureReadiness[] features =
        [
            FeatureReadiness.Of("database", databaseState, databaseDetail),
            FeatureReadiness.Of("browsing", browsing.State, browsing.Detail),
            FeatureReadiness.Of("search", browsing.State, browsing.Detail), // a query is an order of its own
            Similarity(databaseState, databaseDetail, vectors),
            FeatureReadiness.Of("models", FeatureState.Ready, $"{embedder.Space.Name} is built in and needs no model"),
            decoders.StartFailureOrNull is { } failure
                ? FeatureReadiness.Of("decoding", FeatureState.Failed, $"{failure} The next file tries again.")
                : FeatureReadiness.Of("decoding", FeatureState.Ready, $"{decoders.Processes} decoder processes at most"),
            outages.Current is { Count: > 0 } current
                ? FeatureReadiness.Of("work", FeatureState.Failed, string.Join(" ", current.Select(outage => outage.Reason)))
                : FeatureReadiness.Of("work", FeatureState.Ready, "nothing holds it up"),
        ];
        // What loads answers all the same, and one library's vectors or a decoder do not keep the others from being shown.
        var readiness = new Readiness(databaseReady, features);
        return readiness.Ready
            ? TypedResults.Ok(readiness)
            : TypedResults.Json(readiness, ApiJson.Default.Readiness, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static FeatureReadiness Similarity(FeatureState database, string? databaseDetail, IVectorSearch vectors)
    {
        if (database == FeatureState.Failed)
            return FeatureReadiness.Of("similarity", database, databaseDetail);
        if (vectors.Failed is [var failed, ..])
            return FeatureReadiness.Of("similarity", FeatureState.Failed, $"library {failed.LibraryId}: {failed.Reason} The next question tries again.");
        return vectors.Loading is [var loading, ..]
            ? FeatureReadiness.Of("similarity", FeatureState.Loading, $"library {loading.LibraryId}: {loading.SoFar:N0} vectors read so far")
            : FeatureReadiness.Of("similarity", FeatureState.Ready, $"{vectors.Space.Name}, {vectors.Method}");
    }

    /// <summary>Reads from a table, and looks at what reads and writes have met: pages that nobody reads now may be damaged, and a file that was taken away can still be read.</summary>
    private static (bool Ready, string? Detail) Try(Database database, Outages outages)
    {
        try
        {
            database.Read(connection => connection.QueryNumber("SELECT COUNT(*) FROM libraries"));
            var lost = outages.FindOrNull(OutageKind.DatabaseFile) ?? outages.FindOrNull(OutageKind.DatabaseDamage);
            return (lost is null, lost?.Reason);
        }
        catch (DatabaseUnavailableException exception)
        {
            return (false, exception.Message);
        }
    }

    private static Ok<Statistics> Stats(
        LibraryStore libraries, ProgressBoard board, ProgressFeed feed, BrowseIndex browse, TagCounts tags, IVectorSearch vectors, DecoderPool decoders,
        Database database, VitrineOptions options, TimeProvider time)
    {
        using var process = Process.GetCurrentProcess();
        var all = libraries.All();
        var counts = all.Select(library => board.SnapshotOrNull(library.Id)?.Counts).OfType<StatusCounts>().ToList();
        var (offered, sent) = feed.Statistics;
        var log = new FileInfo(Path.Join(options.DataFolder, $"{DatabaseFile.Name}-wal")); // PostgreSQL's is its own affair
        return TypedResults.Ok(new Statistics(
            Math.Round((time.GetUtcNow() - process.StartTime.ToUniversalTime()).TotalSeconds, 1),
            process.WorkingSet64,
            all.Count,
            counts.Sum(count => count.Total),
            vectors.Loaded,
            new QueueFigures(counts.Sum(count => count.Pending), counts.Sum(count => count.Indexed + count.Embedding), decoders.Statistics.Waiting),
            new DatabaseFigures(database.SizeBytes(), log.Exists ? log.Length : 0),
            decoders.Statistics,
            new DeliveryFigures(offered, sent, Math.Max(0, offered - sent)),
            [.. browse.Statistics.Append(tags.Statistics).Concat(vectors.Statistics).Select(CacheFigures.Of)]));
    }
}
