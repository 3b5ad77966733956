using Vitrine.Decoding;
using Xunit;

namespace Vitrine.Tests.Decoding;

public sealed class DecoderQueueTests
{
    [Fact]
    public async Task Take_UrgentBehindOrdinary_GoesFirst()
    {
        using var queue = new DecoderQueue();
        var (first, second, urgent) = (Job(), Job(), Job());
        queue.Add(first, isUrgent: false);
        queue.Add(second, isUrgent: false);
        queue.Add(urgent, isUrgent: true);

        Assert.Same(urgent, await queue.TakeAsync(TestContext.Current.CancellationToken));
        Assert.Same(first, queue.TakeOrNull());
        queue.GiveBack(first);
        Assert.Same(first, queue.TakeOrNull());
        Assert.Same(second, queue.TakeOrNull());
        Assert.Null(queue.TakeOrNull());
    }

    [Fact]
    public void Close_WithWaitingJobs_CancelsThemAndWhatComesLater()
    {
        using var queue = new DecoderQueue();
        var (waiting, late) = (Job(), Job());
        queue.Add(waiting, isUrgent: false);

        queue.Close();
        queue.GiveBack(late);

        Assert.True(waiting.Answer.IsCanceled);
        Assert.True(late.Answer.IsCanceled);
        Assert.Throws<ObjectDisposedException>(() => queue.Add(Job(), isUrgent: true));
    }

    private static DecoderJob<RenderResult> Job() => new(FrameKind.Render, default, DecoderMessages.ReadRenderAnswer);
}
