namespace Vitrine.Tests.Contracts;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TestFolder : IDisposable
{
    /// <summary>In memory where there is such a place: these tests commit thousands of times and lose no power.</summary>
    public string FullPath { get; } = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/vitrine-test-{Guid.CreateVersion7()}").FullName
        : Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public string File(string name) => Path.Join(FullPath, name);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
