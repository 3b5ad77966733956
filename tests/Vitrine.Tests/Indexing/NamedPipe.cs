using System.Runtime.InteropServices;
using Xunit;

namespace Vitrine.Tests.Indexing;

/// <summary>A pipe with a name in a folder, where something expects a file.</summary>
internal static class NamedPipe
{
    public static void Make(string path) => Assert.Equal(0, MakePipe(path, 0x180 /* the owner's */));

    [DllImport("libc", EntryPoint = "mkfifo")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
