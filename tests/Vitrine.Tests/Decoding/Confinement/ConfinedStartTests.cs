using System.ComponentModel;
using System.Diagnostics;
using Vitrine.Decoding.Confinement;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Tests.Decoding.Confinement;

/// <summary>What holds before a decoder has done anything itself: any program will do.</summary>
[Collection(nameof(ProcessTests))]
public sealed class ConfinedStartTests : IDisposable
{
    /// <summary>Threads that the runtime may make from any thread, and which run none of our code; and that of a start, which is about to end.</summary>
    private static readonly string[] s_harmless = [".NET Tiered Com", ".NET BGC", "decoder start"];

    private readonly TemporaryFolder _folder = new("vitrine-confined-");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_AnyProgram_MayReadAndNothingElse()
    {
        Assert.SkipUnless(Landlock.Version > 0, "this kernel has no Landlock");
        var kept = _folder.Of("kept");
        File.WriteAllText(kept, "kept");
        // Each line that is printed is something that was not refused.
        var script = $$"""
            (echo a > '{{_folder.Of("new")}}') 2>&- && echo written
            (echo a >> '{{kept}}') 2>&- && echo appended
            (: < '{{kept}}') 2>&- || echo 'cannot read'
            mkdir '{{_folder.Of("made")}}' 2>&- && echo 'folder made'
            rm '{{kept}}' 2>&- && echo removed
            kill -0 $PPID 2>&- && echo signalled
            [ -n "$(cat /proc/$PPID/environ 2>&-)" ] && echo 'environment read'
            grep -E '^(NoNewPrivs|CapEff):' /proc/self/status
            cat /proc/self/oom_score_adj
            """;
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true };

        using var process = ConfinedStart.Start(start);
        var printed = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();

        if (!Landlock.ScopesSignals)
            Assert.True(printed.Remove("signalled")); // there a decoder's filter does it alone
        Assert.Contains(printed[0], Enumerable.Range(0, 4).Select(set => $"CapEff:\t{set * 2:x16}")); // none, or a right to read
        Assert.Equal("NoNewPrivs:\t1", printed[1]);
        Assert.InRange(int.Parse(printed[2]), 500, 1000);
        Assert.Equal(3, printed.Count);
        Assert.Equal("kept", File.ReadAllText(kept));
        AssertThisProcessIsFree();
    }

    [Fact]
    public void Start_MissingProgram_Throws()
    {
        Assert.Throws<Win32Exception>(() => ConfinedStart.Start(new ProcessStartInfo("/nowhere/program")));
        AssertThisProcessIsFree();
    }

    private static void AssertThisProcessIsFree()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Empty(
            from thread in Directory.GetDirectories("/proc/self/task")
            let status = ReadOrNull(Path.Join(thread, "status"))
            where status?.Contains("NoNewPrivs:\t1", StringComparison.Ordinal) == true
            let name = ReadOrNull(Path.Join(thread, "comm"))?.Trim()
            where name is not null
            where !s_harmless.Contains(name)
            select name);
        File.Delete(Path.GetTempFileName()); // this thread writes
    }

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null; // the thread has ended
        }
    }
}
