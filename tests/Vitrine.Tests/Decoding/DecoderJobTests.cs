using Vitrine.Decoding;
using Xunit;

namespace Vitrine.Tests.Decoding;

public sealed class DecoderJobTests
{
    [Fact]
    public async Task Read_ItsAnswer_TellsTheCallerOnlyWhenCompleted()
    {
        var job = new DecoderJob<Inspection>(FrameKind.Inspect, default, DecoderMessages.ReadInspectAnswer);
        var answer = DecoderMessages.WriteAnswer(42, new Inspection { Failure = DecodeFailures.EmptyFile });

        Assert.Equal(42, job.Read(new DecoderFrame((FrameKind)((byte)FrameKind.Inspect + 128), 0, answer)));
        Assert.False(job.IsDone); // what the answer changes is counted in between
        job.Complete();

        Assert.Equal(DecodeFailures.EmptyFile, (await job.Answer).Failure);
    }
}
