using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>Derived pictures on demand: previews at their first use, thumbnails that somebody deleted.</summary>
public sealed class Renditions(DecoderPool decoders, DecoderOptions options, ThumbnailStore thumbnails, LibraryStore libraries, AssetStore assets)
{
    /// <summary>Pixels; the longer side of a preview.</summary>
    public const int PreviewLongSide = 1440;

    /// <summary>The file of an asset's thumbnail, made again where it is missing; null when the asset has none.</summary>
    public Task<string?> ThumbnailOrNullAsync(Asset asset, CancellationToken cancellationToken) =>
        asset is { HasThumbnail: true, Sha256: { } sha256 }
            ? MadeOrNullAsync(asset, thumbnails.ThumbnailPath(sha256), options.ThumbnailLongSide, cancellationToken)
            : Task.FromResult<string?>(null);

    /// <summary>The file of an asset's preview, made at its first use; null when the asset has no picture.</summary>
    public Task<string?> PreviewOrNullAsync(Asset asset, CancellationToken cancellationToken) =>
        asset is { HasThumbnail: true, Sha256: { } sha256 }
            ? MadeOrNullAsync(asset, thumbnails.PreviewPath(sha256), PreviewLongSide, cancellationToken)
            : Task.FromResult<string?>(null);

    /// <summary>Makes a claimed asset's thumbnail again where it is missing; a file that cannot be rendered any more is left to the caller.</summary>
    internal async Task EnsureThumbnailAsync(Claim claim, CancellationToken cancellationToken)
    {
        var path = thumbnails.ThumbnailPath(claim.Sha256!);
        if (!File.Exists(path) && LibraryRoot.ResolveOrNull(claim.Root, claim.Path) is { } file
            && assets.FindOrNull(claim.AssetId) is { } asset && IsUnchanged(asset, file))
        {
            await RenderAsync(file, path, options.ThumbnailLongSide, cancellationToken);
        }
    }

    private async Task<string?> MadeOrNullAsync(Asset asset, string path, int longSide, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
            return path;
        return libraries.FindOrNull(asset.LibraryId) is { } library
            && LibraryRoot.ResolveOrNull(library.Path, asset.Path) is { } file
            && IsUnchanged(asset, file)
            && await RenderAsync(file, path, longSide, cancellationToken)
            ? path
            : null;
    }

    /// <summary>What is kept under a content's name must come from that content.</summary>
    public static bool IsUnchanged(Asset asset, string file)
    {
        var now = new FileInfo(file);
        return now.Exists && now.Length == asset.Size && StoredTime.ToStored(now.LastWriteTimeUtc) == asset.ModifiedAt.ToStored();
    }

    private async Task<bool> RenderAsync(string file, string path, int longSide, CancellationToken cancellationToken)
    {
        var rendered = await decoders.RenderAsync(new RenderRequest(file, longSide), cancellationToken);
        if (rendered.WebP is not { } webP)
            return false;
        await thumbnails.WriteAsync(path, webP, cancellationToken);
        return true;
    }
}
