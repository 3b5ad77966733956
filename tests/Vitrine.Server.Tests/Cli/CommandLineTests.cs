using System.Diagnostics;
using Vitrine.Cli;
using Vitrine.Cli.Commands;
using Vitrine.Server.Requests;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Run_WrongWords_AreToldInASentenceAndExitWith2()
    {
        var file = _scratch.WriteBroken("file.txt");
        var other = Path.Join(_scratch.Pictures, "other"); // a data folder of another Vitrine
        DataFolder.Hold(other).Dispose();
        var thumbnails = Directory.CreateDirectory(Path.Join(other, "thumbnails")).FullName;
        Directory.CreateSymbolicLink(Path.Join(_scratch.Pictures, "way in"), thumbnails);
        (string[] Arguments, string Said)[] cases =
        [
            (["import", other, "--data", _scratch.Data], $"'{other}' is the data folder of another Vitrine, which keeps thumbnails there and no pictures of yours. Give another folder."),
            (["serve", thumbnails, "--data", _scratch.Data], $"'{thumbnails}' is inside '{RealPath.Of(other)}', the data folder of another Vitrine"),
            (["import", Path.Join(_scratch.Pictures, "way in"), "--data", _scratch.Data], $"delete the file {RealPath.Of(other)}/.vitrine."),
            (["demo", Path.Join(other, "new"), "--no-serve", "--data", _scratch.Data], $"'{other}/new' is inside '{RealPath.Of(other)}', the data folder of another Vitrine"),
            (["demo", Path.Join(_scratch.Data, "new"), "--no-serve", "--data", _scratch.Data], "where Vitrine keeps its own files"),
            (["serve", "--allowed-host", "https://photos.example", "--trusted-proxy", "x"], "'https://photos.example' is not the name of a host."),
            (["retry", "abc"], "'abc' is not an asset id."),
            (["selftest", "--seed", "x"], "--seed takes a whole number; 'x' is none."),
            (["selftest", "--minutes", "soon"], "--minutes takes a number above 0"),
            (["selftest", "--files", "1.5"], "--files takes a whole number, 10 to 1,000,000; '1.5' is none."),
            (["search", "x", "--limit", "0", "--data", _scratch.Data], "--limit takes a whole number above 0; '0' is none."),
            (["improt", "x"], "There is no command 'improt'. Did you mean import?"),
            (["Status"], "There is no command 'Status'. Did you mean status?"),
            (["list"], "There is no command 'list'. Did you mean status?"),
            (["help", "improt"], "There is no command 'improt'. Did you mean import?"),
            (["help", "list"], "There is no command 'list'. Did you mean status?"),
            (["search", new string('x', 10_001), "--data", _scratch.Data], "The search has 10,001 characters; at most 10,000 are taken."),
            (["zzzzzz"], "There is no command 'zzzzzz'. 'vitrine --help' lists the commands."),
            (["serve", "--port", "1"], "There is no option '--port'."),
            (["--port", "1"], "There is no option '--port'."),
            (["import", ".", "--jsn"], "There is no option '--jsn'. Did you mean --json?"),
            (["import", "--no-such"], "There is no option '--no-such'."),
            (["jobs", "cancel"], "'vitrine jobs cancel --help' says what can be given."),
            (["status", "--data", ""], "--data is empty."),
            (["backup", ""], "The name of the file is empty."),
            (["restore", ""], "The name of the file is empty."),
            (["demo", ""], "The name of the file is empty."),
            (["serve", ""], "The path is empty."),
            (["serve", "--derived", "", "--data", _scratch.Data], "--derived is empty."),
            (["demo", file], "is a file"),
            (["import", "@file.txt", "--data", _scratch.Data], "does not exist"),
            (["rename", "x", " ", "--data", _scratch.Data], "The new name is empty."),
            (["rename", "x", "y", "--data", _scratch.Data], "There is nothing to change"),
            (["pause", "x", "--data", _scratch.Data], "There is nothing to change"),
            (["forget", "x", "--data", _scratch.Data], "There is no library 'x'."),
            (["completion", "tcsh"], "'tcsh' is no shell"),
            (["status", "--data"], "--data needs a value."),
            (["retry", "--all=maybe"], "Give the id of one ASSET, or --all"),
            (["status", "--server", "http://127.0.0.1:9", "--token", "a b"], "The access token has blanks"),
            (["serve", "--listen", "http://127.0.0.1:7878/screen"], "is not an address to listen on"),
            (["serve", "--listen", "https://127.0.0.1:7878"], "is not an address to listen on"),
            (["serve", "--listen", "http://localhost:0"], "Give http://127.0.0.1:0."),
        ];
        foreach (var (arguments, said) in cases)
        {
            var result = await CommandRun.RunAsync(arguments);
            Assert.True((result.ExitCode, result.Output) == (2, ""), $"{string.Join(' ', arguments)}: {result.ExitCode} {result.Output}{result.Errors}");
            Assert.StartsWith("vitrine: ", result.Errors, StringComparison.Ordinal);
            Assert.Contains(said, result.Errors, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_scratch.Data));
        Assert.False(Directory.Exists(Path.Join(other, "new")));
    }

    [Fact]
    public void Parse_EveryOption_WithoutItsValueOrWithTheWrongOne_IsToldInWords()
    {
        var options = (from entry in CommandCatalogue.All
                       let command = entry.Create()
                       from one in command.Subcommands.Prepend(command)
                       from option in one.Options
                       select (Words: one == command ? [entry.Name] : new[] { entry.Name, one.Name }, Option: option)).ToList();
        var numbers = 0;
        foreach (var (words, option) in options)
        {
            string[][] wrong = [[option.Name], [$"{option.Name}="], [$"{option.Name}=x y"], [option.Name, "x", option.Name, "y"]];
            var complaints = wrong.Select(given => CommandLine.Parse([.. words, .. given]).Complaints).ToList();
            Assert.All(complaints.SelectMany(told => told), told => Assert.DoesNotContain("System.", told, StringComparison.Ordinal));
            if (option.ValueType != typeof(bool))
                Assert.NotEmpty(complaints[0]);
            if (Nullable.GetUnderlyingType(option.ValueType) is null)
                continue;
            Assert.Contains(complaints[2], told => told.StartsWith($"{option.Name} takes ", StringComparison.Ordinal));
            numbers++;
        }

        Assert.Equal(4, numbers);
    }

    [Fact]
    public async Task Run_FailingWithJson_PrintsExactlyOneDocumentWithTheError()
    {
        foreach (var (arguments, exitCode) in new (string[], int)[]
        {
            (["import", "/no/such/folder", "--json", "--data", _scratch.Data], 2),
            (["retry", "abc", "--json"], 2),
            (["improt", "--json"], 2),
            (["search", "x", "--null", "--json"], 2),
            (["token", "--json", "--data", _scratch.Data], 3),
            (["backup", Path.Join(_scratch.Pictures, "b"), "--json", "--data", _scratch.Data], 3),
        })
        {
            var result = await CommandRun.RunAsync(arguments);
            Assert.Equal(exitCode, result.ExitCode);
            Assert.Equal(exitCode, result.Json.GetProperty("exit_code").GetInt32());
            Assert.Contains(result.Json.GetProperty("error").GetString()!, result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Serve_AddressThatIsNotOfThisMachine_ExitsWith3AndOneLine()
    {
        var result = await CommandRun.RunAsync("serve", "--listen", "http://192.0.2.1:17991", "--data", _scratch.Data);

        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("vitrine: http://192.0.2.1:17991 is no address of this machine.", result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Status_WithoutAHome_ExitsWith3AndMakesNoFolderHere()
    {
        var result = await CliProgram.RunAsync([("HOME", "/no/such/home"), ("XDG_DATA_HOME", ""), ("VITRINE_DATA", "")], "status");

        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains("There is no home folder", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(Environment.CurrentDirectory, ".local")));
    }

    [Fact]
    public async Task Help_OfTheProgram_HasGroupsExamplesAndTheManual()
    {
        var help = await CommandRun.RunAsync("help");

        Assert.Equal((0, ""), (help.ExitCode, help.Errors));
        foreach (var said in new[] { "\nEveryday\n", "\nCare\n", "\nMany machines\n", "  serve [FOLDER…] ", "\nExamples\n", "vitrine ~/Pictures", "docs/cli.md" })
            Assert.Contains(said, help.Output, StringComparison.Ordinal);
        Assert.Contains("FOLDER", (await CommandRun.RunAsync("help", "import")).Output, StringComparison.Ordinal);
        foreach (var arguments in new string[][] { ["help", "help"], ["help", "version"], ["help", "--json"], ["help", "--no-such", "x"], ["--help"] })
            Assert.Equal(help, await CommandRun.RunAsync(arguments));
        foreach (var (arguments, said) in new (string[], string)[]
        {
            (["help", _scratch.Pictures], "vitrine serve "), (["help", "jobs", "cancel"], "Ask a running job to end."), (["help", "import", "--", "x"], "vitrine import "), (["help", "import", "--json"], "vitrine import "),
        })
        {
            var told = await CommandRun.RunAsync(arguments);
            Assert.Equal((0, ""), (told.ExitCode, told.Errors));
            Assert.Contains(said, told.Output, StringComparison.Ordinal);
        }

        Assert.Equal($"{CommandLine.Version}\n", (await CommandRun.RunAsync("version", "--json")).Output);
        Assert.Equal($"{CommandLine.Version}\n", (await CommandRun.RunAsync("version")).Output);
    }

    [Fact]
    public async Task Complete_Line_GivesCommandsAndOptionsWithWhatTheyAre()
    {
        var commands = (await CommandRun.RunAsync("complete", " imp")).Output;
        Assert.StartsWith("import\tAdd a folder", commands, StringComparison.Ordinal);
        Assert.Contains("--library\t", (await CommandRun.RunAsync("complete", " import --li")).Output, StringComparison.Ordinal);
        Assert.Contains("bash\n", (await CommandRun.RunAsync("complete", " completion b")).Output, StringComparison.Ordinal);
        Assert.Equal("", (await CommandRun.RunAsync("complete", " retry x --all=maybe --data=")).Errors);
        foreach (var shell in new[] { "zsh", "fish" })
            Assert.Contains("vitrine", (await CommandRun.RunAsync("completion", shell)).Output, StringComparison.Ordinal);

    }

    [Fact]
    public async Task Completion_InBash_OffersNamesAsOneWordEachAndRunsNothingOfThem()
    {
        var script = Path.Join(_scratch.Pictures, "completion");
        await File.WriteAllTextAsync(script, (await CommandRun.RunAsync("completion", "bash")).Output, TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(
            script,
            """
            vitrine() { printf '%s\tdetail\n' '$(touch ran)x' '`touch ran`' 'My Photos' 'plain;touch ran' "$2"; }
            offer() {
                COMP_WORDS=(vitrine pause "$1"); COMP_CWORD=2; COMP_LINE="vitrine pause $1"; COMP_POINT=${#COMP_LINE}
                _vitrine
                printf '<%s>' "${COMPREPLY[@]}"; echo
            }
            offer ''; offer 'My'; offer 'My\ P'; offer 'nothing'
            """,
            TestContext.Current.CancellationToken);

        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _scratch.Pictures })!;
        var errors = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var shown = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await errors);
        Assert.Equal(
            """
            <\$\(touch\ ran\)x><\`touch\ ran\`><My\ Photos><plain\;touch\ ran><\ pause\ >
            <My\ Photos>
            <My\ Photos>
            <>

            """,
            shown);
        Assert.False(File.Exists(Path.Join(_scratch.Pictures, "ran")));
    }

    [Fact]
    public async Task Told_AnythingThatNobodyForesaw_IsALineAndExitCode3_AndItsStackOnlyWhereItIsWanted()
    {
        foreach (var isStackWanted in (bool[])[false, true])
        {
            var errors = Console.Error;
            using var complained = new StringWriter();
            Console.SetError(complained);
            try
            {
                var code = await CommandLine.ToldAsync(() => throw new InvalidOperationException("a\u001bb"), json: false, isStackWanted);

                Assert.Equal(ExitCode.CouldNotRun, code);
                var lines = complained.ToString().TrimEnd().Split('\n');
                Assert.Equal("vitrine: A mistake in the program: a\uFFFDb (InvalidOperationException). With VITRINE_LOG_LEVEL=debug it says where.", lines[0]);
                Assert.Equal(isStackWanted, lines.Length > 1);
            }
            finally
            {
                Console.SetError(errors);
            }
        }
    }

    [Theory]
    [InlineData("improt", "import")]
    [InlineData("stauts", "status")]
    [InlineData("serv", "serve")]
    [InlineData("beach", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    public void NearestWord_OfACommand_IsFoundWithinAThirdOfTheWord(string given, string? meant) =>
        Assert.Equal(meant, NearestWord.FindOrNull(given, CommandCatalogue.All.Select(entry => entry.Name)));
}
