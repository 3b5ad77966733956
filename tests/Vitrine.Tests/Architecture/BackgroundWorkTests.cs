using System.Text.RegularExpressions;
using Xunit;

namespace Vitrine.Tests.Architecture;

/// <summary>
/// Work in the background is a named job or a claim, so that it is seen, single and can be ended. What starts threads or pool work by
/// itself is listed here, with its reason.
/// </summary>
public sealed partial class BackgroundWorkTests
{
    private static readonly Dictionary<string, string> s_allowed = new(StringComparer.Ordinal)
    {
        ["src/Vitrine.Cli/Commands/Question.cs"] = "a person's answer is waited for on a thread of the pool, so that Ctrl+C ends the wait",
        ["src/Vitrine/Caching/SharedLoad.cs"] = "what is loaded once for all who ask for it first: they wait for it, or are told that it loads",
        ["src/Vitrine/Decoding/Confinement/ConfinedStart.cs"] = "a thread gives up its rights, starts a decoder, and ends: its caller waits for it",
        ["src/Vitrine/Decoding/DecoderProgram.cs"] = "the decoder's thread that reads its pipe while a file is decoded",
        ["src/Vitrine/Indexing/FolderScan.cs"] = "the readers of one scan, inside its job",
        ["src/Vitrine/Storage/GroupCommitWriter.cs"] = "the one thread that writes",
        ["src/Vitrine/Work/Heartbeat.cs"] = "a thread of its own, so that a busy pool costs no claim",
        ["src/Vitrine/Work/NamedJobs.cs"] = "where named jobs are started",
    };

    [Fact]
    public void Sources_ThreadsAndPoolWork_AreStartedOnlyWhereListed() => Assert.Empty(
        Starting().Where(file => !s_allowed.ContainsKey(file))
            .Select(file => $"{file} starts background work of its own: submit a named job (NamedJobs), or list the file here with its reason"));

    [Fact]
    public void List_EveryFile_StillStartsSomething() => Assert.Empty(s_allowed.Keys.Except(Starting()));

    private static IEnumerable<string> Starting() => SourceTree.Files()
        .Where(file => File.ReadLines(file).Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Start().IsMatch(line)))
        .Select(file => Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/'));

    [GeneratedRegex(@"\bTask\.Run\(|\bnew Thread\(|\bTask\.Factory\.StartNew\b|\bThreadPool\.(Queue|Unsafe)|\basync void\b|\bnew (System\.Threading\.)?Timer\(")]
    private static partial Regex Start();
}
