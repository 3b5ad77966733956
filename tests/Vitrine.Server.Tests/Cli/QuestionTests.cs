using Vitrine.Cli;
using Vitrine.Cli.Client;
using Vitrine.Cli.Commands;
using Vitrine.Cli.Progress;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

/// <summary>What people are asked, and Ctrl+C before they have answered or anything was begun.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Ask_CancelledBeforeTheAnswer_EndsAtOnce()
    {
        var (input, errors) = (Console.In, Console.Error);
        using var silent = new SilentReader();
        using var asked = new StringWriter();
        using var interrupted = new CancellationTokenSource();
        Console.SetIn(silent);
        Console.SetError(asked);
        try
        {
            var answer = Task.Run(() => Question.AskAsync("Forget it?", interrupted.Token), TestContext.Current.CancellationToken);
            await silent.IsRead.OrTooLateAsync();
            await interrupted.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.OrTooLateAsync());
            Assert.Equal("Forget it? [y/N] \n", asked.ToString());
        }
        finally
        {
            silent.Answer();
            Console.SetIn(input);
            Console.SetError(errors);
        }
    }

    [Theory]
    [InlineData(" Yes\n", true)]
    [InlineData("y\n", true)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    public async Task Ask_Answered_IsYesOnlyForYes(string typed, bool isYes)
    {
        var (input, errors) = (Console.In, Console.Error);
        using var typing = new StringReader(typed);
        Console.SetIn(typing);
        Console.SetError(TextWriter.Null);
        try
        {
            Assert.Equal(isYes, await Question.AskAsync("Go on?", TestContext.Current.CancellationToken));
        }
        finally
        {
            Console.SetIn(input);
            Console.SetError(errors);
        }
    }

    [Fact]
    public async Task Work_InterruptedBeforeItWasBegun_SaysSo()
    {
        var interrupted = new CancellationToken(canceled: true);

        var ended = await Assert.ThrowsAsync<CommandException>(() => InterruptedWork.RunAsync(
            () => Task.FromCanceled<ServerConnection>(interrupted), _ => throw new InvalidOperationException("nothing was opened"), _ => true, interrupted));

        Assert.Equal((ExitCode.Interrupted, "Stopped before anything was begun."), (ended.ExitCode, ended.Message));
    }

    [Fact]
    public async Task MayGoOn_HomeOfThePerson_IsSaidWhereNobodyCanBeAsked_UnlessItIsALibraryAlready()
    {
        var (home, errors) = (Environment.GetEnvironmentVariable("HOME"), Console.Error);
        var own = RealPath.Of(Directory.CreateDirectory(Path.Join(_scratch.Pictures, "homes", "me")).FullName);
        using var said = new StringWriter();
        Console.SetError(said);
        Environment.SetEnvironmentVariable("HOME", own);
        try
        {
            Assert.Contains($"{own} is your whole home: pictures that programs keep there become part of the library. 'vitrine forget'", await SaidAsync(own), StringComparison.Ordinal);
            Assert.Contains("is the folder of all homes", await SaidAsync(Path.GetDirectoryName(own)!), StringComparison.Ordinal);
            Assert.Equal("", await SaidAsync(own, isKnown: true));
            Assert.Equal("", await SaidAsync(Path.Join(own, "Pictures")));
            if (OperatingSystem.IsLinux()) // where one is always mounted
                Assert.Contains("/proc is a whole drive: every picture on it becomes part of the library.", await SaidAsync("/proc"), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOME", home);
            Console.SetError(errors);
        }

        async Task<string> SaidAsync(string path, bool isKnown = false)
        {
            said.GetStringBuilder().Clear();
            Assert.True(await HomeQuestion.MayGoOnAsync(path, () => Task.FromResult(isKnown), json: true, TestContext.Current.CancellationToken));
            return said.ToString();
        }
    }

    [Fact]
    public async Task Serve_AWholeHomeOnATerminal_AsksBeforeAnythingIsMade()
    {
        var home = _scratch.WritePictures(1);

        var refused = await CliProgram.RunOnTerminalAsync([("HOME", home)], "[y/N]", "n", "serve", home, "--data", _scratch.Data, "--listen", "http://127.0.0.1:0");

        Assert.Equal(0, refused.ExitCode);
        Assert.Contains("is your whole home", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was added, and no server was started.", refused.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scratch.Data));
    }

    [Theory]
    [InlineData("n", 0)]
    [InlineData(CliProgram.ControlC, 130)]
    public async Task Import_AWholeHomeOnATerminal_NotAnsweredYes_SaysThatNothingWasImportedAndNoMore(string answer, int exitCode)
    {
        var home = _scratch.WritePictures(1);

        var ended = await CliProgram.RunOnTerminalAsync([("HOME", home)], "[y/N]", answer, "import", home, "--data", _scratch.Data);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.EndsWith("\nNothing was imported.", ended.Output.ReplaceLineEndings("\n").TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("topp", ended.Output, StringComparison.Ordinal);
    }

    /// <summary>A terminal at which nobody types before the test says so.</summary>
    private sealed class SilentReader : TextReader
    {
        private readonly TaskCompletionSource _isRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _answered = new();

        public Task IsRead => _isRead.Task;

        public void Answer() => _answered.Set();

        public override string? ReadLine()
        {
            _isRead.TrySetResult();
            _answered.Wait(Patience.Limit, TestContext.Current.CancellationToken);
            return "y";
        }
    }
}
