using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vitrine.Server.Metrics;

/// <summary><c>GET /metrics</c>, for Prometheus and what speaks its language.</summary>
internal static class MetricsApi
{
    /// <summary>Not in the API document: its answer is no JSON and for no page.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (MetricsCollector collector) => TypedResults.Text(collector.Write(), PrometheusText.ContentType)).ExcludeFromDescription();
}
