using Microsoft.Extensions.Logging;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Indexing;

/// <summary>
/// Settles the claim of an asset that met trouble on the way to the place where derived files are kept, or an exception that nobody foresaw. While
/// that place cannot be written at all (a full disk, a store that is away), or no decoder starts, no file is to blame: the work waits without spending an
/// attempt. On a healthy disk an attempt counts, and the asset fails when it has met the same again and again.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class UnexpectedTrouble(IDerivedFiles derived, Settlement settlement, Outages outages, ILogger<UnexpectedTrouble> logger)
{
    /// <param name="claim">Of one asset, which met the trouble alone.</param>
    /// <param name="stage">Where.</param>
    /// <param name="exception">What came out; <see cref="DiskTrouble"/> is told by its own words.</param>
    /// <param name="giveUp">Hands the claim back.</param>
    public async Task SettleAsync(Claim claim, Stage stage, Exception exception, CancellationToken giveUp)
    {
        // What a full disk does is told once, and not for each of thousands of assets.
        if (!DiskTrouble.Is(exception) || await derived.IsWritableAsync(giveUp))
            logger.LogError(exception, "Work of the stage {Stage} on asset {Asset} failed unexpectedly", stage, claim.AssetId);
        await RetryAsync(claim, stage, $"unexpected: {DiskTrouble.Describe(exception)}", giveUp);
    }

    /// <summary>The same for trouble that has a reason already.</summary>
    public async Task RetryAsync(Claim claim, Stage stage, string reason, CancellationToken giveUp)
    {
        if (await derived.IsWritableAsync(giveUp))
        {
            NoteDerived();
            await settlement.RetryLaterAsync(claim, stage, reason, giveUp);
            return;
        }

        outages.Begin(OutageKind.DerivedFiles, $"{derived.Description} cannot be written: work on pictures waits until it can, and goes on by itself. Reason: {reason}");
        await settlement.WaitAsync(claim, giveUp);
    }

    /// <summary>No decoder could be started, for which no file is to blame: the work waits, however long that lasts.</summary>
    public Task WaitForDecodersAsync(Claim claim, DecoderStartException exception, CancellationToken giveUp)
    {
        outages.Begin(OutageKind.Decoders, $"No decoder can be started: work on pictures waits until one can, and goes on by itself. Reason: {exception.Message}");
        return settlement.WaitAsync(claim, giveUp);
    }

    /// <summary>A decoder has answered.</summary>
    public void NoteDecoder() => outages.End(OutageKind.Decoders);

    /// <summary>A derived file was written.</summary>
    public void NoteDerived() => outages.End(OutageKind.DerivedFiles);
}
