using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Decoding;
using Vitrine.Images.Metadata;
using Vitrine.Libraries;

namespace Vitrine.Server.Api;

/// <summary>
/// The blocking way to import a folder, for <c>vitrine demo --compare</c>: one request has everything decoded before it answers. It has the
/// same decoders as Vitrine's own way, all of them, and less to do: nothing is stored and nothing is prepared for comparison.
/// </summary>
/// <remarks>It exists under that command only, and so is not in the OpenAPI document.</remarks>
internal static class ComparisonApi
{
    public const string Address = "/api/compare";

    private static readonly EnumerationOptions s_whole = new() { RecurseSubdirectories = true };

    public static void MapComparison(this IEndpointRouteBuilder routes, string folder)
    {
        routes.MapGet(Address, () => TypedResults.Ok(new ComparedFolder(folder, Files(folder).Length))).ExcludeFromDescription();
        routes.MapPost(Address, (DecoderPool decoders, CancellationToken cancellationToken) => DecodeAsync(folder, decoders, cancellationToken)).ExcludeFromDescription();
    }

    private static async Task<Ok<ForegroundImport>> DecodeAsync(string folder, DecoderPool decoders, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(Files(folder).Select(file => InspectOrNullAsync(file, decoders, cancellationToken)));
        return TypedResults.Ok(new ForegroundImport(
            read.Length,
            read.Count(inspection => inspection is null or { Failure: not null }),
            [.. read.Select(inspection => inspection?.Thumbnail?.WebP).OfType<byte[]>()]));
    }

    /// <returns>Null for a file at which its decoder died.</returns>
    private static async Task<Inspection?> InspectOrNullAsync(string file, DecoderPool decoders, CancellationToken cancellationToken)
    {
        var kind = FileKinds.KindOrNull(file) == AssetKind.Model ? FileKind.Model : FileKind.Picture;
        try
        {
            return await decoders.InspectAsync(new InspectRequest(file, SidecarPaths.For(file).FirstOrDefault(File.Exists), kind), cancellationToken);
        }
        catch (DecoderCrashedException exception) when (exception is not DecoderStartException)
        {
            return null;
        }
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", s_whole).Where(file => FileKinds.KindOrNull(file) is not null).Order(StringComparer.Ordinal)];
}
