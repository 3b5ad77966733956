using Xunit;

namespace Vitrine.Tests.Architecture;

/// <summary>What depends on other processes is run again and again by <c>tests/soak</c>.</summary>
public sealed class SoakTests
{
    private static readonly string[] s_others =
    [
        "ngine.StartAsync(", "new DecoderPool(", "Process.Start(", "Shell.RunAsync(", "FreePort.", "new FastTime(", "new PostgresStores()", "new PgvectorStores()", "SharedPostgres.CreateAsync(",
    ];

    private static readonly string[] s_soaked = ["[Collection(nameof(ProcessTests))]", "[SharedServerTests]"];

    [Fact]
    public void Tests_WithOtherProcesses_AreInTheSoak() => Assert.Empty(
        Directory.EnumerateFiles(Path.Join(SourceTree.Root, "tests", "Vitrine.Tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != $"{nameof(SoakTests)}.cs")
            .Select(file => (Name: Path.GetRelativePath(SourceTree.Root, file), Text: File.ReadAllText(file)))
            .Where(file => file.Text.Contains("[Fact]", StringComparison.Ordinal) || file.Text.Contains("[Theory]", StringComparison.Ordinal))
            .Where(file => s_others.Any(file.Text.Contains) && !s_soaked.Any(file.Text.Contains))
            .Select(file => file.Name));
}
