using Microsoft.Extensions.Logging;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>Phase 3 of a batch: thumbnails' pixels from the decoders, one call of the embedder, one transaction.</summary>
internal sealed class EmbeddingStage(
    DecoderPool decoders,
    Renditions renditions,
    IEmbedder embedder,
    EmbeddingStore store,
    IVectorSearch search,
    Settlement settlement,
    UnexpectedTrouble unexpected,
    TimeOuts timeOuts,
    UnseenRoots unseen,
    StageLoops loops,
    ILogger<EmbeddingStage> logger)
{
    /// <summary>Thumbnails per request: a decoder is held for some 40 ms, so that a picture somebody waits for is not.</summary>
    private const int PixelsPerRequest = 32;

    /// <summary>One batch is embedded while the next is decoded.</summary>
    public Task RunAsync(long owner, CancellationToken stopClaiming, CancellationToken giveUp) =>
        loops.Create(Stage.Embedding, owner, embedder.PreferredBatch, room: embedder.PreferredBatch * 2, WorkAsync)
            .RunAsync(stopClaiming, giveUp);

    /// <summary>Settles a batch of claims.</summary>
    internal async Task WorkAsync(IReadOnlyList<Claim> claims, CancellationToken giveUp)
    {
        try
        {
            await EmbedAsync(claims, giveUp);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            await settlement.HandBackAsync([.. claims]);
        }
        catch (Exception exception) when (exception is not DatabaseUnavailableException)
        {
            // Whatever it was, the claims must not stay: nobody else would take them up before the next start.
            if (claims.Count == 1)
            {
                await unexpected.SettleAsync(claims[0], Stage.Embedding, exception, giveUp);
                return;
            }

            // One of them may be to blame, and only what fails alone is: each once more by itself. What was settled before the exception is fenced.
            logger.LogError(exception, "Embedding {Count} assets together failed unexpectedly: each is tried alone", claims.Count);
            foreach (var claim in claims)
                await WorkAsync([claim], giveUp);
        }
    }

    private async Task EmbedAsync(IReadOnlyList<Claim> claims, CancellationToken giveUp)
    {
        // A 3D model has no picture yet: it is ready without a vector.
        var plain = claims.Where(claim => !claim.HasThumbnail).ToList();
        foreach (var library in plain.GroupBy(claim => claim.LibraryId))
            await settlement.FinishAsync([.. library], AssetStatus.Ready, (_, _) => { }, giveUp);
        var chunks = claims.Where(claim => claim.HasThumbnail).Chunk(PixelsPerRequest);
        var decoded = await Task.WhenAll(chunks.Select(chunk => DecodeAsync(chunk, giveUp)));
        var pictures = decoded.SelectMany(pictures => pictures).ToList();
        foreach (var library in pictures.Where(picture => picture.Rgb is not null).GroupBy(picture => picture.Claim.LibraryId))
            await FinishAsync(library.Key, [.. library], giveUp);
        foreach (var picture in pictures.Where(picture => picture.Rgb is null))
        {
            await (picture.RootIsUnseen
                ? PutOffAsync(picture.Claim, giveUp)
                : picture.NoDecoder is { } noDecoder
                ? unexpected.WaitForDecodersAsync(picture.Claim, noDecoder, giveUp)
                : picture.TimeOut is { } timeOut
                ? timeOuts.SettleAsync(picture.Claim, Stage.Embedding, timeOut, giveUp)
                : picture.IsToBlame
                ? settlement.FailAsync(picture.Claim, Stage.Embedding, picture.Trouble!, (_, _) => { }, giveUp)
                : unexpected.RetryAsync(picture.Claim, Stage.Embedding, picture.Trouble!, giveUp));
        }
    }

    /// <summary>A thumbnail that is not here could only be made where the picture is.</summary>
    private Task PutOffAsync(Claim claim, CancellationToken giveUp)
    {
        if (unseen.Note(Stage.Embedding, claim.LibraryId))
            logger.LogWarning("The folder {Root} is not seen from here, nor are its thumbnails: embedding them is left to other processes for a while", claim.Root);
        return settlement.PutOffAsync(claim, giveUp);
    }

    private async Task<Picture[]> DecodeAsync(IReadOnlyList<Claim> claims, CancellationToken giveUp)
    {
        var troubled = new List<Picture>();
        var whole = new List<(Claim Claim, string Thumbnail)>();
        foreach (var claim in claims)
        {
            try
            {
                var (thumbnail, trouble) = await ThumbnailAsync(claim, giveUp);
                if (thumbnail is not null)
                    whole.Add((claim, thumbnail));
                else
                    troubled.Add(new Picture(claim, null, trouble, RootIsUnseen: !LibraryRoot.IsPresent(claim.Root)));
            }
            catch (DecoderStartException exception)
            {
                troubled.Add(new Picture(claim, null, exception.Message, NoDecoder: exception));
            }
        }

        return [.. troubled, .. whole.Count == 0 ? [] : await ReadPixelsAsync([.. whole], giveUp)];
    }

    /// <summary>Makes a missing thumbnail again; trouble with one is not the trouble of the others.</summary>
    private async Task<(string? File, string? Trouble)> ThumbnailAsync(Claim claim, CancellationToken giveUp)
    {
        try
        {
            return (await renditions.ThumbnailOrNullAsync(claim, giveUp), "no thumbnail: it is gone, and the file it was made from has changed or cannot be rendered any more");
        }
        catch (Exception exception) when (exception is DecoderCrashedException and not DecoderStartException || DiskTrouble.Is(exception))
        {
            return (null, $"no thumbnail: it is gone and could not be made again: {exception.Message}");
        }
    }

    /// <param name="deaths">Of decoders with this one alone, this attempt included; what it did in company proves nothing.</param>
    private async Task<Picture[]> ReadPixelsAsync((Claim Claim, string Thumbnail)[] whole, CancellationToken giveUp, int deaths = 1)
    {
        try
        {
            var paths = whole.Select(picture => picture.Thumbnail).ToList();
            var results = await decoders.PixelsAsync(new PixelsRequest(paths, embedder.InputSide), giveUp);
            unexpected.NoteDecoder();
            return [.. whole.Zip(results, (picture, result) => new Picture(picture.Claim, result.Rgb, result.Failure is { } failure ? $"no thumbnail: {failure.Reason}" : null))];
        }
        catch (DecoderStartException exception)
        {
            return [.. whole.Select(picture => new Picture(picture.Claim, null, exception.Message, NoDecoder: exception))];
        }
        catch (DecoderCrashedException) when (whole.Length > 1)
        {
            // Halves until the one that kills is alone.
            var halves = await Task.WhenAll(whole.Chunk((whole.Length + 1) / 2).Select(half => ReadPixelsAsync(half, giveUp)));
            return [.. halves.SelectMany(half => half)];
        }
        catch (DecoderTimedOutException exception)
        {
            return [new Picture(whole[0].Claim, null, exception.Message, TimeOut: exception)];
        }
        catch (DecoderCrashedException exception) when (deaths >= RetryPolicy.MaxDecoderCrashes)
        {
            return [new Picture(whole[0].Claim, null, $"decoder crashed: {deaths} times at this file's thumbnail, the last time: {exception.Message}", IsToBlame: true)];
        }
        catch (DecoderCrashedException)
        {
            return await ReadPixelsAsync(whole, giveUp, deaths + 1); // alone once more, in a fresh decoder
        }
    }

    private async Task FinishAsync(long libraryId, Picture[] pictures, CancellationToken giveUp)
    {
        var dimensions = embedder.Space.Dimensions;
        var vectors = new float[pictures.Length * dimensions];
        embedder.Embed(Join(pictures), pictures.Length, vectors);
        var ids = pictures.Select(picture => picture.Claim.AssetId).ToArray();
        var places = ids.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        await settlement.FinishAsync(
            [.. pictures.Select(picture => picture.Claim)],
            AssetStatus.Ready,
            (transaction, claim) =>
                store.Write(transaction, claim.AssetId, vectors.AsSpan(places[claim.AssetId] * dimensions, dimensions)),
            giveUp);
        foreach (var picture in pictures)
            timeOuts.Forget(picture.Claim, Stage.Embedding);
        search.Add(libraryId, ids, vectors);
    }

    private static byte[] Join(Picture[] pictures)
    {
        var joined = new byte[pictures.Sum(picture => picture.Rgb!.Length)];
        var place = 0;
        foreach (var picture in pictures)
        {
            picture.Rgb!.CopyTo(joined, place);
            place += picture.Rgb.Length;
        }

        return joined;
    }

    /// <summary>A claim with its pixels, or with what went wrong.</summary>
    private sealed record Picture(
        Claim Claim, byte[]? Rgb, string? Trouble, bool IsToBlame = false, bool RootIsUnseen = false, DecoderStartException? NoDecoder = null, DecoderTimedOutException? TimeOut = null);
}
