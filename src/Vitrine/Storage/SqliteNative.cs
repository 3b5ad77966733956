using System.Runtime.InteropServices;
using SQLitePCL;

namespace Vitrine.Storage;

/// <summary>
/// Chooses the native SQLite: the system's where it is new enough, else the one in the package, which is from 2021
/// (docs/decisions/0002-sqlite.md).
/// </summary>
internal static class SqliteNative
{
    /// <summary>3.35.5, which the package has: RETURNING, and its first corrections.</summary>
    private const int OldestVersion = 3_035_005;

    private static readonly string[] s_systemNames = ["libsqlite3.so.0", "libsqlite3.0.dylib", "winsqlite3.dll"];

    private static readonly Lazy<string> s_version = new(Load);

    /// <summary>Loads the library at the first call, once per process, and tells its version.</summary>
    public static string Version => s_version.Value;

    /// <summary>Where the library is from; known once it is loaded.</summary>
    public static string Source { get; private set; } = "the package's own";

    private static string Load()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, assembly, path) => name == "e_sqlite3" ? SystemLibraryOrZero() : 0);
        Batteries_V2.Init();
        return raw.sqlite3_libversion().utf8_to_string();
    }

    private static nint SystemLibraryOrZero()
    {
        foreach (var name in s_systemNames)
        {
            if (!NativeLibrary.TryLoad(name, out var handle))
                continue;
            if (IsNewEnough(handle))
            {
                Source = $"the system's {name}";
                return handle;
            }

            NativeLibrary.Free(handle);
        }

        return 0;
    }

    private static unsafe bool IsNewEnough(nint library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var function)
        && ((delegate* unmanaged[Cdecl]<int>)function)() >= OldestVersion;
}
