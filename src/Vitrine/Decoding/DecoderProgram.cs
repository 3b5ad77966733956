using System.Collections.Concurrent;
using System.Diagnostics;
using Vitrine.Decoding.Confinement;
using Vitrine.Images.Magick;
using Vitrine.Images.Vips;

namespace Vitrine.Decoding;

/// <summary>
/// The hidden command <c>vitrine decoder</c>: reads requests from a pipe and answers them, in order, until the pipe ends.
/// </summary>
/// <remarks>
/// Requests are read on a thread of their own, so that the end of the pipe, which means that the server is gone, is noticed in the
/// middle of a picture too: the process then ends itself rather than outlive the server.
/// </remarks>
public static class DecoderProgram
{
    private const int Done = 0, BadProtocol = 3, NoLibrary = 4;
    private static readonly TimeSpan s_endGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_memoryWatch = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs over standard input and output, at low priority.</summary>
    /// <returns>The exit code.</returns>
    public static int RunOnStandardStreams()
    {
        LowerPriority();
        // Native libraries may print to standard output; only frames may reach the pipe.
        var output = StandardStreams.TakeOutput();
        using var input = Console.OpenStandardInput();
        return Run(input, output, ownsProcess: true);
    }

    /// <summary>The loop itself, on any streams.</summary>
    /// <param name="input">Requests, a hello first.</param>
    /// <param name="output">Answers.</param>
    /// <param name="ownsProcess">True to confine the whole process before the first file, and to end it when the input ends while a file is being decoded, or memory runs out.</param>
    /// <returns>The exit code: 0 after a clean end, 3 when the other side broke the protocol, 4 without libvips.</returns>
    internal static int Run(Stream input, Stream output, bool ownsProcess = false)
    {
        try
        {
            var (pixelLimit, itemMemoryLimit) = DecoderHello.Read(DecoderFrame.ReadOrNull(input));
            if (MagickLibrary.IsChosen)
                MagickLibrary.Initialize(itemMemoryLimit);
            var libraryVersion = VipsLibrary.Version; // loads it
            var confinement = ownsProcess ? DecoderConfinement.Apply(itemMemoryLimit) : new DecoderConfinement();
            DecoderHello.WriteAnswer(libraryVersion, confinement).Write(output);

            using var watch = ownsProcess ? new Timer(_ => EndAbove(itemMemoryLimit), null, s_memoryWatch, s_memoryWatch) : null;
            using var requests = new BlockingCollection<DecoderFrame>(boundedCapacity: 64);
            using var finished = new ManualResetEventSlim();
            DecoderProtocolException? broken = null;
            var reading = new Thread(() => broken = ReadAll(input, requests, finished, ownsProcess)) { IsBackground = true, Name = "requests" };
            reading.Start();

            using var inspector = new FileInspector(pixelLimit, MagickLibrary.IsChosen);
            var faults = DecoderFaults.Parse(Environment.GetEnvironmentVariable(DecoderFaults.Variable));
            foreach (var request in requests.GetConsumingEnumerable())
                Answer(request, inspector, faults, output).Write(output);
            finished.Set();
            reading.Join();
            return broken is null ? Done : throw broken;
        }
        catch (DecoderProtocolException error)
        {
            Console.Error.WriteLine($"vitrine decoder: {error.Message}");
            return BadProtocol;
        }
        catch (DllNotFoundException error)
        {
            Console.Error.WriteLine($"vitrine decoder: {error.Message}");
            return NoLibrary;
        }
        catch (IOException error)
        {
            // The server went away while an answer was written: nothing is left to do here.
            Console.Error.WriteLine($"vitrine decoder: {error.Message}");
            return Done;
        }
    }

    private static DecoderProtocolException? ReadAll(
        Stream input, BlockingCollection<DecoderFrame> requests, ManualResetEventSlim finished, bool endProcess)
    {
        DecoderProtocolException? broken = null;
        try
        {
            while (DecoderFrame.ReadOrNull(input) is { } frame)
                requests.Add(frame);
        }
        catch (DecoderProtocolException error)
        {
            broken = error;
        }
        catch (IOException error)
        {
            broken = new DecoderProtocolException($"The pipe broke: {error.Message}");
        }
        requests.CompleteAdding();
        if (endProcess && !finished.Wait(s_endGrace, CancellationToken.None))
            EndSelf();
        return broken;
    }

    private static DecoderFrame Answer(DecoderFrame frame, FileInspector inspector, DecoderFaults faults, Stream output)
    {
        switch (frame.Kind)
        {
            case FrameKind.Inspect:
                {
                    var (request, longSide, encoding) = DecoderMessages.ReadInspect(frame.Payload.Span);
                    var inspection = faults.Apply(request.Path, output) is { } failure
                        ? new Inspection { Failure = failure }
                        : inspector.Inspect(request, longSide, encoding);
                    return new(FrameKind.InspectAnswer, frame.Id, DecoderMessages.WriteAnswer(Environment.WorkingSet, inspection));
                }
            case FrameKind.Render:
                {
                    var (request, encoding) = DecoderMessages.ReadRender(frame.Payload.Span);
                    faults.Apply(request.Path, output);
                    var result = inspector.Render(request, encoding);
                    return new(FrameKind.RenderAnswer, frame.Id, DecoderMessages.WriteAnswer(Environment.WorkingSet, result));
                }
            case FrameKind.Pixels:
                {
                    var request = DecoderMessages.ReadPixels(frame.Payload.Span);
                    foreach (var path in request.Paths)
                        faults.Apply(path, output);
                    var results = inspector.ReadPixels(request);
                    return new(FrameKind.PixelsAnswer, frame.Id, DecoderMessages.WriteAnswer(Environment.WorkingSet, results));
                }
            default:
                throw new DecoderProtocolException($"{frame.Kind} is not a request.");
        }
    }

    private static void EndAbove(long limit)
    {
        if (Environment.WorkingSet <= limit)
            return;
        Console.Error.WriteLine($"vitrine decoder: more than {limit >> 20} MiB in use");
        EndSelf();
    }

    /// <summary>A plain exit would wait for native code that may never return.</summary>
    private static void EndSelf()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private static void LowerPriority()
    {
        using var self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
    }
}
