namespace Vitrine.Tests.Architecture;

/// <summary>The repository that these tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    /// <summary>Every C# file below src that a person wrote.</summary>
    public static IEnumerable<string> Files() => Directory
        .EnumerateFiles(Path.Join(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Parts(file).Intersect(["bin", "obj"]).Any());

    /// <summary>The folders of a file from src on, without its name: <c>src, Vitrine, Work</c>.</summary>
    public static string[] Parts(string file) => Path.GetDirectoryName(Path.GetRelativePath(Root, file))!.Split(Path.DirectorySeparatorChar);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "Vitrine.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No Vitrine.slnx above {AppContext.BaseDirectory}. Run the tests from a checkout.");
    }
}
