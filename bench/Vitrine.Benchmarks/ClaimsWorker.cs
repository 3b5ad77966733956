using Vitrine.Benchmarks.Setting;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Indexing;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Benchmarks;

/// <summary>A worker process whose metadata stage opens no file: its claims are finished at once, with nothing or with what a photograph tells. Runs until it is killed.</summary>
internal static class ClaimsWorker
{
    public const string NoFacts = "no-facts", Facts = "facts";

    /// <summary>Takes the database from the variable that <c>vitrine worker</c> takes it from.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = new BenchArguments(args);
        await using var node = await SharedNode.StartAsync(Environment.GetEnvironmentVariable("VITRINE_DATABASE")!, arguments.TextOrNull("data")!);
        var id = await node.EnrolAsync();
        Console.WriteLine($"Vitrine works as worker {id}");
        var (stage, settlement) = (node.Get<MetadataStage>(), node.Get<Settlement>());
        Func<Claim, CancellationToken, Task> work = arguments.Folder == Facts
            ? (claim, stop) => stage.FinishAsync(claim, Photograph(claim.AssetId), stop)
            : (claim, stop) => settlement.FinishAsync([claim], AssetStatus.Indexed, (_, _) => { }, stop);
        await stage.Loop(id, work).RunAsync(CancellationToken.None, CancellationToken.None);
        return 0;
    }

    /// <summary>What a decoder answers for a camera's JPEG; hashes differ from asset to asset, as they do.</summary>
    private static Inspection Photograph(long asset)
    {
        var random = new Random((int)asset);
        byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }

        return new Inspection
        {
            Identity = new FileIdentity(Bytes(32), Bytes(16), 200_000 + asset),
            Header = new PictureHeader("jpeg", 6000, 4000, 1, 1),
            Metadata = new PictureMetadata
            {
                CapturedAt = new WallTime(DateTime.UnixEpoch.AddSeconds(1_700_000_000 + asset), null),
                CameraMake = "Canon",
                CameraModel = "Canon EOS 5D Mark IV",
                Lens = "EF24-70mm f/2.8L II USM",
                ExposureSeconds = 0.004,
                FNumber = 5.6,
                Iso = 200,
                FocalLengthMillimetres = 50,
                Latitude = random.NextDouble(),
                Longitude = random.NextDouble(),
            },
            Thumbnail = new PictureRendition([], 320, 213, random.Next(1 << 24), Bytes(32)),
        };
    }
}
