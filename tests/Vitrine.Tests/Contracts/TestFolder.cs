namespace Vitrine.Tests.Contracts;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TestFolder : IDisposable
{
    /// <summary>A file system in memory, where there is one with room for several servers.</summary>
    private static readonly bool s_hasMemory = Directory.Exists(InMemory) && new DriveInfo(InMemory).AvailableFreeSpace > 2L << 30;

    private const string InMemory = "/dev/shm";

    public string FullPath { get; } = Create("vitrine-test-");

    /// <summary>
    /// In memory where there is room, for tests that commit thousands of times and lose no power. Databases of PostgreSQL are some 300 files
    /// each, and what making and removing them costs on ext4 was a seventh of the engine's suite.
    /// </summary>
    public static string Create(string prefix) => s_hasMemory
        ? Directory.CreateDirectory($"{InMemory}/{prefix}{Guid.CreateVersion7()}").FullName
        : Directory.CreateTempSubdirectory(prefix).FullName;

    public string File(string name) => Path.Join(FullPath, name);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
