using System.IO.Enumeration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vitrine.Decoding;
using Vitrine.Images.Metadata;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Work;

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

    /// <summary>As often as Vitrine's own way: a decoder that dies once, or a drive that stalls, is no file's fault.</summary>
    /// <returns>Null for a file at which decoders died, or ran out of their time, again and again.</returns>
    private static async Task<Inspection?> InspectOrNullAsync(string file, DecoderPool decoders, CancellationToken cancellationToken)
    {
        var kind = FileKinds.KindOrNull(file) == AssetKind.Model ? FileKind.Model : FileKind.Picture;
        var request = new InspectRequest(file, SidecarPaths.For(file).FirstOrDefault(File.Exists), kind);
        var (crashes, timeOuts) = (0, 0);
        while (crashes < RetryPolicy.MaxDecoderCrashes && timeOuts < RetryPolicy.MaxTimeOuts)
        {
            try
            {
                return await decoders.InspectAsync(request, cancellationToken);
            }
            catch (DecoderTimedOutException)
            {
                timeOuts++;
            }
            catch (DecoderCrashedException exception) when (exception is not DecoderStartException)
            {
                crashes++;
            }
        }

        return null;
    }

    /// <summary>Like a scan, it passes over folders that are marked as caches, among them data folders, and looks at linked folders where they lie.</summary>
    private static string[] Files(string folder)
    {
        var files = new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToFullPath(), s_whole)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && FileKinds.KindOrNull(entry.FileName) is not null,
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && !CacheTag.IsIn(entry.ToFullPath()),
        };
        return [.. files.Order(StringComparer.Ordinal)];
    }
}
