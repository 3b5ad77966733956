using System.Text.RegularExpressions;
using Xunit;

namespace Vitrine.Tests.Architecture;

/// <summary>The imports go only where the table in ARCHITECTURE.md points, and the table has no arrow that nobody uses.</summary>
public sealed partial class ArrowTests
{
    private static readonly HashSet<string> s_folders = [.. SourceTree.Files().Select(SourceTree.Parts).Select(parts => Folder(string.Join('.', parts.Skip(1)))).OfType<string>(), "Server", "Cli"];

    [Fact]
    public void Usings_EveryFolder_StayWithinTheTable()
    {
        var table = Table();

        Assert.Empty(Used().Where(arrow => !table.Contains(arrow)).Select(arrow => $"{arrow.From} uses {arrow.To}, and ARCHITECTURE.md does not allow it"));
    }

    [Fact]
    public void Table_EveryArrow_IsUsed()
    {
        var used = Used();

        Assert.Empty(Table().Where(arrow => !used.Contains(arrow)).Select(arrow => $"ARCHITECTURE.md lets {arrow.From} use {arrow.To}, and nothing does"));
    }

    [Fact]
    public void Table_Arrows_NeverLeadBack()
    {
        var table = Table();
        var lowest = new HashSet<string>();
        var left = table.SelectMany(arrow => new[] { arrow.From, arrow.To }).ToHashSet();
        while (left.RemoveWhere(folder => table.Where(arrow => arrow.From == folder).All(arrow => lowest.Contains(arrow.To)) && lowest.Add(folder)) > 0)
            ;

        Assert.Empty(left);
    }

    [Fact]
    public void Namespaces_EveryFile_FollowItsFolder()
    {
        foreach (var file in SourceTree.Files().Where(file => Path.GetFileName(file) != "Program.cs"))
        {
            var expected = string.Join('.', SourceTree.Parts(file).Skip(1));
            Assert.Contains($"namespace {expected};", File.ReadAllText(file), StringComparison.Ordinal);
        }
    }

    private static HashSet<(string From, string To)> Used() =>
    [
        .. from file in SourceTree.Files()
           let folder = Folder(string.Join('.', SourceTree.Parts(file).Skip(1)))
           where folder is not null // the engine's own root puts everything together
           from line in File.ReadLines(file)
           where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
           from Match name in QualifiedName().Matches(line)
           let used = Folder(name.Value)
           where used is not null && used != folder && s_folders.Contains(used)
           select (folder, used),
    ];

    /// <summary><c>Work</c> for <c>Vitrine.Work</c> and what is below it; null for <c>Vitrine</c> itself.</summary>
    private static string? Folder(string name) => name.Split('.') is [_, var folder, ..] ? folder : null;

    private static HashSet<(string From, string To)> Table()
    {
        var rows = File.ReadLines(Path.Join(SourceTree.Root, "ARCHITECTURE.md"))
            .SkipWhile(line => !Heading().IsMatch(line)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        Assert.NotEmpty(rows);
        return
        [
            .. from row in rows
               from used in row[2].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
               where used != "nothing"
               select (row[1], used),
        ];
    }

    /// <summary>In an import, or in front of a type that was not imported.</summary>
    [GeneratedRegex(@"(?<![\w.""/])Vitrine\.[A-Z]\w+(?![\w""/])")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^\| *Folder *\| *may use *\|")]
    private static partial Regex Heading();
}
