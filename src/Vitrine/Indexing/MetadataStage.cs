using Microsoft.Extensions.Logging;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Images;
using Vitrine.Images.Metadata;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tags;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>Phase 2 of one asset: one inspection in a decoder, its thumbnail kept, then everything settled in one transaction.</summary>
internal sealed class MetadataStage(
    DecoderPool decoders, IDerivedFiles derived, EarlyVectors vectors, TagStore tags, Settlement settlement, UnexpectedTrouble unexpected, TimeOuts timeOuts, UnseenRoots unseen, StageLoops loops, ILogger<MetadataStage> logger)
{
    private const string FactsSql =
        """
        UPDATE assets SET sha256 = @sha256, width = @width, height = @height, colour = @colour, captured_at = @captured, thumbnail = @thumbnail
        WHERE id = @id
        """;

    public Task RunAsync(long owner, CancellationToken stopClaiming, CancellationToken giveUp) => Loop(owner, WorkAsync).RunAsync(stopClaiming, giveUp);

    /// <summary>Twice as many in flight as there are decoders, and a few more, keep them fed while results are committed.</summary>
    /// <param name="work">Settles one claim.</param>
    internal StageLoop Loop(long owner, Func<Claim, CancellationToken, Task> work) =>
        loops.Create(Stage.Metadata, owner, unit: 1, room: (decoders.Processes * 2) + 16, (unit, stop) => work(unit[0], stop));

    /// <summary>Settles one claim.</summary>
    internal async Task WorkAsync(Claim claim, CancellationToken giveUp)
    {
        try
        {
            await InspectAsync(claim, giveUp);
        }
        catch (DecoderStartException exception)
        {
            await unexpected.WaitForDecodersAsync(claim, exception, giveUp);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            await settlement.HandBackAsync([claim]);
        }
        catch (Exception exception) when (exception is not DatabaseUnavailableException)
        {
            // Whatever it was, the claim must not stay: nobody else would take it up before the next start.
            await unexpected.SettleAsync(claim, Stage.Metadata, exception, giveUp);
        }
    }

    private async Task InspectAsync(Claim claim, CancellationToken giveUp)
    {
        if (claim.Attempt > RetryPolicy.MaxInterruptions)
        {
            await FailAsync(claim, null, $"given up: begun {RetryPolicy.MaxInterruptions} times and never finished", giveUp);
            return;
        }

        if (LibraryRoot.ResolveOrNull(claim.Root, claim.Path) is not { } file)
        {
            // A drive that was pulled takes no file's place: the work waits for it.
            await (LibraryRoot.IsPresent(claim.Root) ? SettleMissingAsync(claim, giveUp) : PutOffAsync(claim, giveUp));
            return;
        }

        using var turn = timeOuts.TurnOrNull(claim, Stage.Metadata);
        if (turn is null)
            await settlement.WaitAsync(claim, giveUp);
        else
            await InspectAsync(claim, file, giveUp);
    }

    private async Task InspectAsync(Claim claim, string file, CancellationToken giveUp)
    {
        var (inspection, crash) = (default(Inspection), default(string));
        try
        {
            (inspection, crash) = await InspectOrCrashAsync(claim, file, giveUp);
        }
        catch (DecoderTimedOutException exception)
        {
            unexpected.NoteDecoder();
            await timeOuts.SettleAsync(claim, Stage.Metadata, exception, giveUp);
            return;
        }

        unexpected.NoteDecoder();
        timeOuts.Forget(claim, Stage.Metadata);
        if (crash is not null)
            await FailAsync(claim, null, crash, giveUp);
        else if (inspection!.Failure is { Transient: true } passing)
            await settlement.RetryLaterAsync(claim, Stage.Metadata, passing.Reason, giveUp);
        else if (await ThumbnailTroubleOrNullAsync(inspection, giveUp) is { } trouble)
            await unexpected.RetryAsync(claim, Stage.Metadata, trouble, giveUp);
        else if (inspection.Failure is { } failure)
            await FailAsync(claim, inspection, failure.Reason, giveUp);
        else
            await FinishAsync(claim, inspection, giveUp);
    }

    /// <summary>Settles a claim with what its file told.</summary>
    internal Task FinishAsync(Claim claim, Inspection inspection, CancellationToken giveUp)
    {
        // A file that was only touched, or whose sidecar changed, has its content's vector already.
        var hasVector = IsSameContent(claim, inspection) && inspection.Thumbnail is not null && vectors.Has(claim.AssetId);
        var vector = hasVector ? null : vectors.OfOrNull(inspection.Thumbnail);
        return settlement.FinishAsync(
            [claim],
            hasVector || vector is not null ? AssetStatus.Ready : AssetStatus.Indexed,
            (transaction, done) =>
            {
                WriteFacts(transaction, done, inspection);
                if (vector is not null)
                    vectors.Write(transaction, done, vector);
            },
            giveUp);
    }

    private static bool IsSameContent(Claim claim, Inspection inspection) =>
        claim.Sha256 is { } known && inspection.Identity is { } identity && known.AsSpan().SequenceEqual(identity.Sha256);

    /// <summary>A decoder that dies takes one item with it; the item that kills three is to blame.</summary>
    private async Task<(Inspection? Inspection, string? Crash)> InspectOrCrashAsync(Claim claim, string file, CancellationToken giveUp)
    {
        var kind = claim.Kind == AssetKind.Model ? FileKind.Model : FileKind.Picture;
        var sidecar = SidecarPaths.For(file)
            .FirstOrDefault(path => FileFacts.OfOrNull(path) is { Type: FileType.File });
        for (var crashes = 1; ; crashes++)
        {
            try
            {
                return (await decoders.InspectAsync(new InspectRequest(file, sidecar, kind, vectors.SquashSide, claim.Root), giveUp, isUrgent: claim.Visible), null);
            }
            catch (DecoderCrashedException exception) when (exception is not (DecoderStartException or DecoderTimedOutException) && crashes >= RetryPolicy.MaxDecoderCrashes)
            {
                return (null, $"decoder crashed: {crashes} times at this file, the last time: {exception.Message}");
            }
            catch (DecoderCrashedException exception) when (exception is not (DecoderStartException or DecoderTimedOutException))
            {
                // once more, in a fresh decoder
            }
        }
    }

    private async Task<string?> ThumbnailTroubleOrNullAsync(Inspection inspection, CancellationToken giveUp)
    {
        if (inspection is not { Thumbnail: { } thumbnail, Identity: { } identity })
            return null;
        try
        {
            await derived.WriteAsync(DerivedName.Thumbnail(identity.Sha256), thumbnail.WebP, giveUp);
            unexpected.NoteDerived();
            return null;
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return $"no thumbnail: it could not be written: {(DiskTrouble.IsFull(exception) ? "the disk is full." : exception.Message)} Free space for {derived.Description}, then retry.";
        }
    }

    private Task PutOffAsync(Claim claim, CancellationToken giveUp)
    {
        if (unseen.Note(Stage.Metadata, claim.LibraryId))
            logger.LogWarning("The folder {Root} is not seen from here: reading its pictures is left to other processes for a while", claim.Root);
        return settlement.PutOffAsync(claim, giveUp);
    }

    private Task FailAsync(Claim claim, Inspection? inspection, string reason, CancellationToken giveUp) =>
        settlement.FailAsync(
            claim,
            Stage.Metadata,
            reason,
            (transaction, failed) =>
            {
                if (inspection is not null)
                    WriteFacts(transaction, failed, inspection);
            },
            giveUp);

    /// <summary>A file that was listed and cannot be resolved: gone, outside, or in a folder whose list may be read and that may not be entered.</summary>
    private Task SettleMissingAsync(Claim claim, CancellationToken giveUp)
    {
        const string Gone = "gone";
        var path = System.IO.Path.Join(claim.Root, claim.Path);
        if (File.Exists(path))
            return FailAsync(claim, null, "outside the library", giveUp);
        try
        {
            File.GetAttributes(RealPath.Of(path)); // whatever is there now, it is no file
            return FailAsync(claim, null, Gone, giveUp);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return FailAsync(claim, null, Gone, giveUp);
        }
        catch (UnauthorizedAccessException)
        {
            var folder = System.IO.Path.GetDirectoryName(claim.Path) is { Length: > 0 } inside ? inside : claim.Root;
            return FailAsync(claim, null, $"no permission: the files of '{folder}' can be listed but not opened. Give the user that runs Vitrine the right to enter the folder (chmod +x), then retry.", giveUp);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return settlement.RetryLaterAsync(claim, Stage.Metadata, $"unreadable: {exception.Message}", giveUp);
        }
    }

    private void WriteFacts(WriteTransaction transaction, Claim claim, Inspection inspection)
    {
        if (inspection.Identity is not { } identity)
            return;
        if (claim.Sha256 is not null && !IsSameContent(claim, inspection))
            EmbeddingStore.Forget(transaction, claim.AssetId); // it was of another content
        transaction.Queue(
            FactsSql,
            ("@id", claim.AssetId), ("@sha256", identity.Sha256), ("@width", inspection.Header?.Width), ("@height", inspection.Header?.Height),
            ("@colour", inspection.Thumbnail?.AverageColour), ("@captured", inspection.Metadata?.CapturedAt?.ToStored()),
            ("@thumbnail", inspection.Thumbnail is not null));
        PictureDetailsStore.Write(
            transaction, claim.AssetId, identity, inspection.Header, inspection.Metadata, inspection.Thumbnail?.PerceptualHash, inspection.Warning);
        tags.WriteFileTags(transaction, claim.AssetId, inspection.Metadata?.Keywords);
    }
}
