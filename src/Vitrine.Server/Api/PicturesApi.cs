using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Indexing;
using Vitrine.Libraries;
using Vitrine.Server.Description;
using Vitrine.Server.Errors;
using Vitrine.Storage;

namespace Vitrine.Server.Api;

/// <summary>Thumbnails, previews and originals, by asset id only.</summary>
internal static partial class PicturesApi
{
    public static void MapPictures(this IEndpointRouteBuilder routes)
    {
        var assets = routes.MapGroup("/api/assets/{id:long}").WithTags("pictures");
        assets.MapGet("thumbnail", ThumbnailAsync).WithName("getThumbnail")
            .WithSummary("The thumbnail of an asset")
            .WithDescription("WebP, long side 320.")
            .WithMetadata(new BinaryAnswer("image/webp"))
            .WithProblems(ProblemKind.CannotBeShown, ProblemKind.DecoderUnavailable, ProblemKind.DiskUnavailable);
        assets.MapGet("preview", PreviewAsync).WithName("getPreview")
            .WithSummary("A larger picture of an asset, made on demand")
            .WithDescription("WebP, long side 1440.")
            .WithMetadata(new BinaryAnswer("image/webp"))
            .WithProblems(ProblemKind.CannotBeShown, ProblemKind.DecoderUnavailable, ProblemKind.DiskUnavailable);
        assets.MapGet("file", Original).WithName("getFile")
            .WithSummary("The original file of an asset")
            .WithDescription("As it is on the disk. An SVG, which can carry script, and what is not known to be a picture are sent as an attachment, to be kept and not shown; the preview shows an SVG.")
            .WithMetadata(new BinaryAnswer([.. PictureMediaTypes.All, "application/octet-stream"]));
    }

    private static Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> ThumbnailAsync(
        long id, HttpContext context, AssetStore assets, Renditions renditions, string? c = null) =>
        SendAsync(id, c, context, assets, asset => renditions.ThumbnailOrNullAsync(asset, context.RequestAborted));

    private static Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> PreviewAsync(
        long id, HttpContext context, AssetStore assets, Renditions renditions, string? c = null) =>
        SendAsync(id, c, context, assets, asset => renditions.PreviewOrNullAsync(asset, context.RequestAborted));

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> SendAsync(
        long id, string? content, HttpContext context, AssetStore assets, Func<Asset, Task<string?>> make)
    {
        if (assets.FindOrNull(id) is not { } asset)
            return Problems.NotFound($"asset {id}");
        try
        {
            return await make(asset) is { } file
                ? Send(file, "image/webp", asset, content, context)
                : Problems.NotFound($"picture of asset {id} yet, or its file has changed since it was indexed");
        }
        catch (DecoderStartException exception)
        {
            return Problems.Of(ProblemKind.DecoderUnavailable, $"{exception.Message} Asset {id} is shown as soon as a decoder can be started; every request tries again.");
        }
        catch (DerivedUnwritableException exception)
        {
            return Problems.Of(ProblemKind.DiskUnavailable, $"Asset {id} cannot be shown now. {exception.Message}");
        }
        catch (DecoderCrashedException exception)
        {
            return Problems.Of(ProblemKind.CannotBeShown, $"Asset {id} cannot be shown: its decoder ended: {exception.Message}");
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return Problems.Of(ProblemKind.CannotBeShown, $"Asset {id} cannot be shown: {WithoutPaths(exception)}");
        }
    }

    private static Results<FileStreamHttpResult, ProblemHttpResult> Original(
        long id, HttpContext context, AssetStore assets, LibraryStore libraries, PictureDetailsStore details, string? c = null)
    {
        if (assets.FindOrNull(id) is not { } asset || libraries.FindOrNull(asset.LibraryId) is not { } library)
            return Problems.NotFound($"asset {id}");
        if (OpenOrNull(library, asset) is not { } opened)
            return Problems.NotFound($"file of asset {id}");
        var (file, facts) = opened;
        if (PictureMediaTypes.OrNull(details.FindOrNull(id)?.Format) is not { } mediaType)
        {
            // What is not known to be a picture is handed over, never shown; nor is SVG, which can carry script.
            context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = asset.Name }.ToString();
            mediaType = "application/octet-stream";
        }

        var tag = Renditions.IsUnchanged(asset, facts) ? Tag(asset, c, context) : null;
        if (tag is null)
            context.Response.Headers.CacheControl = "no-store"; // other bytes than those that were indexed must not be kept under their name
        return TypedResults.Stream(
            new FileStream(file, FileAccess.Read, bufferSize: 0, isAsync: true), mediaType, lastModified: StoredTime.FromStored(facts.ModifiedAt), entityTag: tag,
            enableRangeProcessing: true);
    }

    /// <summary>What the disk says, without where Vitrine keeps its files.</summary>
    private static string WithoutPaths(Exception exception) => QuotedPath().Replace(DiskTrouble.Describe(exception), "");

    [GeneratedRegex(@"\s*:?\s*'.*'", RegexOptions.Singleline)]
    private static partial Regex QuotedPath();

    /// <summary>What is served is the file that was looked at, whatever lies at its path a moment later; null for what is gone, or no file of the library.</summary>
    private static (SafeFileHandle File, FileFacts Facts)? OpenOrNull(Library library, Asset asset)
    {
        try
        {
            var file = FencedFile.Open(Path.Join(library.Path, asset.Path), library.Path, FileOptions.Asynchronous);
            try
            {
                return (file, FileFacts.Of(file));
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return null;
        }
    }

    private static PhysicalFileHttpResult Send(string file, string mediaType, Asset asset, string? content, HttpContext context) =>
        TypedResults.PhysicalFile(file, mediaType, entityTag: Tag(asset, content, context), enableRangeProcessing: true);

    /// <summary>With the current content in the address it can be kept for ever; without it, it is asked for again.</summary>
    private static EntityTagHeaderValue? Tag(Asset asset, string? content, HttpContext context)
    {
        var tag = asset.Sha256 is { } sha256 ? AssetItem.ContentTag(sha256) : null;
        context.Response.Headers.CacheControl = tag is not null && content == tag ? "private, max-age=31536000, immutable" : "private, no-cache";
        return tag is null ? null : new EntityTagHeaderValue($"\"{tag}\"");
    }
}
