using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;

namespace Vitrine.Server.Api;

/// <summary>Alive, ready, and figures.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/health", () => TypedResults.Ok(new Health("alive"))).WithTags("health").WithName("getHealth");
        routes.MapGet("/api/ready", Ready).WithTags("health").WithName("getReadiness");
        routes.MapGet("/api/stats", Stats).WithTags("health").WithName("getStatistics");
    }

    private static Results<Ok<Readiness>, JsonHttpResult<Readiness>> Ready(Database database, SimilarAssets similar, DecoderPool decoders)
    {
        var (databaseReady, databaseDetail) = Try(database);
        FeatureReadiness[] features =
        [
            new("database", databaseReady, databaseDetail),
            new("browsing", databaseReady, databaseDetail),
            new("search", databaseReady, databaseDetail),
            new("similarity", databaseReady, $"{similar.Space.Name}, exact scan, {similar.Loaded:N0} vectors in memory"),
            new("models", true, "the built-in descriptor needs no model"),
            new("decoding", true, $"{decoders.Processes} decoder processes at most"),
        ];
        var readiness = new Readiness(Array.TrueForAll(features, feature => feature.Ready), features);
        return readiness.Ready
            ? TypedResults.Ok(readiness)
            : TypedResults.Json(readiness, ApiJson.Default.Readiness, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static (bool Ready, string? Detail) Try(Database database)
    {
        try
        {
            database.Read(connection => connection.QueryNumber("SELECT 1"));
            return (true, null);
        }
        catch (DatabaseUnavailableException exception)
        {
            return (false, exception.Message);
        }
    }

    private static Ok<Statistics> Stats(
        LibraryStore libraries, ProgressBoard board, ProgressFeed feed, BrowseIndex browse, SimilarAssets similar, DecoderPool decoders, TimeProvider time)
    {
        using var process = Process.GetCurrentProcess();
        var all = libraries.All();
        var (offered, sent) = feed.Statistics;
        return TypedResults.Ok(new Statistics(
            Math.Round((time.GetUtcNow() - process.StartTime.ToUniversalTime()).TotalSeconds, 1),
            process.WorkingSet64,
            all.Count,
            all.Sum(library => board.SnapshotOrNull(library.Id)?.Counts.Total ?? 0),
            similar.Loaded,
            decoders.Statistics,
            new DeliveryFigures(offered, sent, Math.Max(0, offered - sent)),
            [.. browse.Statistics.Select(CacheFigures.Of)]));
    }
}
