namespace Vitrine.Benchmarks.Setting;

/// <summary>A folder that is gone when it is disposed.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch(string path)
    {
        FullPath = path;
        Directory.CreateDirectory(path);
    }

    public string FullPath { get; }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
