using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Libraries;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>Derived pictures on demand: previews at their first use, thumbnails that somebody deleted.</summary>
public sealed class Renditions(DecoderPool decoders, DecoderOptions options, IDerivedFiles derived, LibraryStore libraries, AssetStore assets, Outages outages)
{
    /// <summary>Pixels; the longer side of a preview.</summary>
    public const int PreviewLongSide = 1440;

    /// <summary>The file of an asset's thumbnail, made again where it is missing; null when the asset has none.</summary>
    /// <exception cref="DerivedUnwritableException">Nothing can be kept now.</exception>
    public Task<string?> ThumbnailOrNullAsync(Asset asset, CancellationToken cancellationToken) =>
        asset is { HasThumbnail: true, Sha256: { } sha256 }
            ? MadeOrNullAsync(asset, DerivedName.Thumbnail(sha256), options.ThumbnailLongSide, cancellationToken)
            : Task.FromResult<string?>(null);

    /// <summary>The file of an asset's preview, made at its first use; null when the asset has no picture.</summary>
    /// <exception cref="DerivedUnwritableException">Nothing can be kept now.</exception>
    public Task<string?> PreviewOrNullAsync(Asset asset, CancellationToken cancellationToken) =>
        asset is { HasThumbnail: true, Sha256: { } sha256 }
            ? MadeOrNullAsync(asset, DerivedName.Preview(sha256), PreviewLongSide, cancellationToken)
            : Task.FromResult<string?>(null);

    /// <summary>The same for a claimed asset, whose row was read with the claim.</summary>
    internal async Task<string?> ThumbnailOrNullAsync(Claim claim, CancellationToken cancellationToken) =>
        await derived.FindOrNullAsync(DerivedName.Thumbnail(claim.Sha256!), cancellationToken) is { } file
            ? file
            : assets.FindOrNull(claim.AssetId) is { } asset ? await ThumbnailOrNullAsync(asset, cancellationToken) : null;

    private async Task<string?> MadeOrNullAsync(Asset asset, DerivedName name, int longSide, CancellationToken cancellationToken)
    {
        if (await derived.FindOrNullAsync(name, cancellationToken) is { } made)
            return made;
        return libraries.FindOrNull(asset.LibraryId) is { } library
            && LibraryRoot.ResolveOrNull(library.Path, asset.Path) is { } file
            && HasStampOf(asset, FileFacts.OfOrNull(file)) // whatever keeps size and time, the decoder tells by its SHA-256
            && await RenderAsync(new RenderRequest(file, longSide, library.Path, asset.Sha256), name, cancellationToken)
            ? await derived.FindOrNullAsync(name, cancellationToken)
            : null;
    }

    /// <summary>Whether a file is what it was when it was indexed, as far as can be told without reading it. One that got other rights or another name is not.</summary>
    public static bool IsUnchanged(Asset asset, FileFacts? file) =>
        HasStampOf(asset, file) && (asset.ChangedAt == 0 || file!.Value.ChangedAt == asset.ChangedAt);

    private static bool HasStampOf(Asset asset, FileFacts? file) => file is { } now && now.Size == asset.Size && now.ModifiedAt == asset.ModifiedAt.ToStored();

    private async Task<bool> RenderAsync(RenderRequest request, DerivedName name, CancellationToken cancellationToken)
    {
        var rendered = await decoders.RenderAsync(request, cancellationToken);
        if (rendered.WebP is not { } webP)
            return false;
        try
        {
            await derived.WriteAsync(name, webP, cancellationToken);
            outages.End(OutageKind.DerivedFiles);
            return true;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            if (await derived.IsWritableAsync(cancellationToken))
                throw;
            var why = DiskTrouble.IsFull(exception) ? "the disk for thumbnails and previews is full" : "where thumbnails and previews are kept cannot be written";
            outages.Begin(OutageKind.DerivedFiles, $"{derived.Description} cannot be written: pictures that have to be made wait until it can. Reason: {(DiskTrouble.IsFull(exception) ? "the disk is full. Free some space there." : exception.Message)}");
            throw new DerivedUnwritableException($"The picture cannot be kept: {why}. Free some space there, or check its permissions; then look again.", exception);
        }
    }
}
