using System.Runtime.CompilerServices;
using Vitrine.Storage;

namespace Vitrine.Tests.Storage;

/// <summary>
/// Chooses the native SQLite before any test opens a database by itself: half of its functions from one library and half from another
/// would end the process.
/// </summary>
internal static class OneSqlite
{
    [ModuleInitializer]
    internal static void Choose() => _ = SqliteNative.Version;
}
