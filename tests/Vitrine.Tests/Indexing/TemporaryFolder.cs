namespace Vitrine.Tests.Indexing;

/// <summary>A folder that goes with this object.</summary>
internal sealed class TemporaryFolder(string prefix = "vitrine-test-") : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public string Of(params string[] parts) => System.IO.Path.Join([Path, .. parts]);

    /// <summary>Makes a file with some bytes in it, and the folders on the way; its time is in the past.</summary>
    public string File(string relative, string content = "text")
    {
        var path = Of(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public string Folder(string relative) => Directory.CreateDirectory(Of(relative)).FullName;

    public string Link(string relative, string target)
    {
        var path = Of(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.CreateSymbolicLink(path, target);
        return path;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
