using System.Runtime.ExceptionServices;
using Vitrine.Decoding.Confinement;
using Vitrine.Images;
using Vitrine.Images.Magick;
using Vitrine.Images.Vips;

namespace Vitrine.Decoding;

/// <summary>
/// Child processes in which untrusted files are decoded: one per core, started when first needed, replaced when they die, hang or grow.
/// </summary>
/// <remarks>
/// Thread-safe. Requests wait in one queue, so callers decide how many to offer: about four per process keep all of them busy.
/// A file that kills its decoder ends as <see cref="DecoderCrashedException"/> for that request alone.
/// </remarks>
public sealed class DecoderPool : IAsyncDisposable
{
    private readonly DecoderOptions _options;
    private readonly DecoderQueue _queue = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly DecoderSlot[] _slots;
    private readonly Task[] _running;
    private readonly DecoderQueue _systemQueue = new();
    private readonly DecoderQueue _magickQueue = new();
    private volatile bool _hasSystemLibrary, _hasMagick = MagickLibrary.IsInstalled;

    /// <param name="options">Limits and sizes.</param>
    /// <param name="command">How to start a decoder; null for this program's own.</param>
    /// <param name="time">Measures the time limits; null for the system's clock.</param>
    public DecoderPool(DecoderOptions options, DecoderCommand? command = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _options = options;
        command ??= DecoderCommand.ForThisProgram();
        Processes = _options.Processes > 0 ? _options.Processes : Environment.ProcessorCount;
        // The bundled libvips is quick, the system's may read more (HEIC, JPEG XL, raw): one decoder with that one, if it is ever needed.
        _hasSystemLibrary = VipsLibrary.FindBundledOrNull() is not null && Environment.GetEnvironmentVariable(VipsLibrary.Variable) is null or "";
        var itemMemory = _options.ItemMemoryLimit ?? ItemMemory.Share(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Processes);
        _slots =
        [
            .. Enumerable.Range(0, Processes).Select(_ => new DecoderSlot(_queue, command, _options, itemMemory, library: null, time)),
            new DecoderSlot(_systemQueue, command, _options, itemMemory, (VipsLibrary.Variable, VipsLibrary.SystemName), time),
            new DecoderSlot(_magickQueue, command, _options, itemMemory, (MagickLibrary.Variable, MagickLibrary.Name), time),
        ];
        _running = [.. _slots.Select(slot => slot.RunAsync(_stopping.Token))];
    }

    /// <summary>How many files can be worked on at once.</summary>
    public int Processes { get; }

    /// <summary>Why no decoder could be started the last time; null while one runs. The next file tries again.</summary>
    public string? StartFailureOrNull => _slots.Take(Processes).Any(slot => slot.IsAlive)
        ? null
        : _slots.Take(Processes).Select(slot => slot.StartFailureOrNull).FirstOrDefault(failure => failure is not null);

    /// <summary>What holds back the decoder that was started last in the first place that has one; null before the first.</summary>
    public DecoderConfinement? ConfinementOrNull => _slots.Select(slot => slot.ConfinementOrNull).FirstOrDefault(confinement => confinement is not null);

    public DecoderStatistics Statistics => new(
        _slots.Count(slot => slot.IsAlive), _slots.Sum(slot => slot.Starts), _slots.Sum(slot => slot.Restarts), _slots.Sum(slot => slot.Recycled), _slots.Sum(slot => slot.Items),
        _queue.Count, [.. _slots.Where(slot => slot.IsAlive).Select(slot => slot.ResidentBytes)],
        _slots.Select(slot => slot.LibraryVersion).FirstOrDefault(version => version is not null));

    /// <summary>Everything that phase 2 wants of one file. A damaged file is told in <see cref="Inspection.Failure"/>.</summary>
    /// <param name="request">Which file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="isUrgent">Whether a person waits for it: then it goes ahead of what is queued already.</param>
    /// <exception cref="DecoderCrashedException">The decoder died or hung at this file (<see cref="DecoderTimedOutException"/>).</exception>
    public async Task<Inspection> InspectAsync(InspectRequest request, CancellationToken cancellationToken, bool isUrgent = false)
    {
        DecoderJob<Inspection> Job() => new(FrameKind.Inspect, DecoderMessages.Write(request, _options.ThumbnailLongSide, Encoding),
            DecoderMessages.ReadInspectAnswer);
        return await AskEachAsync(
            Job, inspection => inspection.Failure, (inspection, failure) => inspection with { Failure = failure }, isUrgent, cancellationToken);
    }

    /// <summary>A WebP of a picture, ahead of all inspections: a person waits for it.</summary>
    /// <exception cref="DecoderCrashedException">The decoder died or hung at this file.</exception>
    public async Task<RenderResult> RenderAsync(RenderRequest request, CancellationToken cancellationToken)
    {
        DecoderJob<RenderResult> Job() => new(FrameKind.Render, DecoderMessages.Write(request, Encoding), DecoderMessages.ReadRenderAnswer);
        return await AskEachAsync(Job, result => result.Failure, (result, failure) => result with { Failure = failure }, isUrgent: true, cancellationToken);
    }

    /// <summary>Pixels of thumbnails; one result for each path, in that order. Batches of 32 to 64 are quickest.</summary>
    /// <exception cref="DecoderCrashedException">The decoder died or hung at one of the files.</exception>
    public Task<IReadOnlyList<PixelsResult>> PixelsAsync(PixelsRequest request, CancellationToken cancellationToken) =>
        AskAsync(_queue, new DecoderJob<IReadOnlyList<PixelsResult>>(FrameKind.Pixels, DecoderMessages.Write(request),
            DecoderMessages.ReadPixelsAnswer)
        { Items = request.Paths.Count }, isUrgent: false, cancellationToken);

    /// <summary>Ends all decoders; what waits or is being worked on is cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _queue.Close();
        _systemQueue.Close();
        _magickQueue.Close();
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        _queue.Dispose();
        _systemQueue.Dispose();
        _magickQueue.Dispose();
        _stopping.Dispose();
    }

    private WebPEncoding Encoding => new(_options.ThumbnailQuality, _options.ThumbnailEffort);

    /// <summary>
    /// One decoder, then those that may know better: the system's libvips what the first does not support, ImageMagick what is doubtful then. Where
    /// all fail, it is for the reason of the first that supports the format and says what is wrong; but for the system's death, if it died or hung.
    /// </summary>
    private async Task<T> AskEachAsync<T>(
        Func<DecoderJob<T>> job, Func<T, DecodeFailure?> failureOf, Func<T, DecodeFailure, T> failedFor, bool isUrgent, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await AskAsync(_queue, job(), isUrgent, cancellationToken);
        ExceptionDispatchInfo? death = null;
        if (DecodeFailures.IsUnsupported(failureOf(answer)))
        {
            (var other, death) = await AskSystemAsync(job(), isUrgent, cancellationToken);
            if (other is not null && !DecodeFailures.IsUnsupported(failureOf(other)))
                answer = other;
        }

        if (failureOf(answer) is not { IsDoubtful: true } failure)
            return answer;
        var opinion = await AskMagickOrNullAsync(job(), isUrgent, cancellationToken);
        if (opinion is not null && failureOf(opinion) is null)
            return opinion;
        death?.Throw(); // it may be by accident: it is tried again
        return opinion is null ? answer : failedFor(answer, DecodeFailures.Join(failure, failureOf(opinion)!));
    }

    /// <returns>No answer when there is no other libvips, and when its decoder died or hung: then how.</returns>
    private async Task<(T? Answer, ExceptionDispatchInfo? Death)> AskSystemAsync<T>(DecoderJob<T> job, bool isUrgent, CancellationToken cancellationToken)
        where T : class
    {
        if (!_hasSystemLibrary)
            return (null, null);
        try
        {
            return (await AskAsync(_systemQueue, job, isUrgent, cancellationToken), null);
        }
        catch (DecoderStartException)
        {
            _hasSystemLibrary = false;
            return (null, null);
        }
        catch (DecoderCrashedException exception)
        {
            return (null, ExceptionDispatchInfo.Capture(exception));
        }
    }

    /// <returns>Null when there is no ImageMagick, and when its decoder died or hung: the reason that is known already stands.</returns>
    private async Task<T?> AskMagickOrNullAsync<T>(DecoderJob<T> job, bool isUrgent, CancellationToken cancellationToken)
        where T : class
    {
        if (!_hasMagick)
            return null;
        try
        {
            return await AskAsync(_magickQueue, job, isUrgent, cancellationToken);
        }
        catch (DecoderStartException)
        {
            _hasMagick = false;
            return null;
        }
        catch (DecoderCrashedException)
        {
            return null;
        }
    }

    private static async Task<T> AskAsync<T>(DecoderQueue queue, DecoderJob<T> job, bool isUrgent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        queue.Add(job, isUrgent);
        await using var _ = cancellationToken.Register(() => job.Cancel(cancellationToken));
        var answer = await job.Answer;
        DecodingMetrics.Answered(answer, job.Worked);
        return answer;
    }
}
