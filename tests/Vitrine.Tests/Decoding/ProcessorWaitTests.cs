using System.Diagnostics;
using Vitrine.Decoding;
using Vitrine.Tests.Contracts;
using Xunit;

namespace Vitrine.Tests.Decoding;

[Collection(nameof(ProcessTests))]
public sealed class ProcessorWaitTests
{
    [Fact]
    public void Of_TwoThatShareOneProcessor_Grows()
    {
        if (!OperatingSystem.IsLinux())
            return; // nothing is told there
        using var one = Busy();
        using var other = Busy();
        try
        {
            var before = ProcessorWait.Of(one.Id, TimeProvider.System);
            var began = Stopwatch.StartNew();
            TimeSpan waited;
            do
            {
                waited = ProcessorWait.Of(one.Id, TimeProvider.System).Since(before);
                Assert.True(began.Elapsed < Patience.Limit, $"It has waited {waited}.");
            }
            while (waited < TimeSpan.FromMilliseconds(50));

            Assert.Equal(TimeSpan.Zero, ProcessorWait.Of(one.Id, new ManualTime()).Since(before)); // by a clock that the kernel does not know
        }
        finally
        {
            one.Kill();
            other.Kill();
        }
    }

    [Fact]
    public void Of_ProcessThatIsGone_IsNothing()
    {
        using var ended = Process.Start(new ProcessStartInfo("true"))!;
        ended.WaitForExit();

        Assert.Equal(TimeSpan.Zero, ProcessorWait.Of(ended.Id, TimeProvider.System).Since(new ProcessorWait()));
    }

    [Fact]
    public void Since_SeveralThreads_IsTheLongestWaitOfAny()
    {
        var before = new ProcessorWait(("1", TimeSpan.FromSeconds(10)), ("2", TimeSpan.FromSeconds(100)));
        var now = new ProcessorWait(("1", TimeSpan.FromSeconds(13)), ("2", TimeSpan.FromSeconds(101)), ("3", TimeSpan.FromSeconds(2)));

        Assert.Equal(TimeSpan.FromSeconds(3), now.Since(before));
        Assert.Equal(TimeSpan.Zero, before.Since(now)); // never less than none
    }

    /// <summary>A program that keeps the first processor busy that this one may use.</summary>
    private static Process Busy()
    {
        var process = Process.Start(new ProcessStartInfo("sh", ["-c", "while :; do :; done"]))!;
        if (OperatingSystem.IsLinux())
            process.ProcessorAffinity = process.ProcessorAffinity & -process.ProcessorAffinity;
        return process;
    }
}
