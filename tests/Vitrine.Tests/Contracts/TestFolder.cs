namespace Vitrine.Tests.Contracts;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TestFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public string File(string name) => Path.Join(FullPath, name);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
