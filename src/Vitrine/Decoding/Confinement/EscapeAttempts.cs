using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Vitrine.Decoding.Confinement;

/// <summary>For tests: what somebody would try who had taken over a decoder by a picture. Nothing of it does harm where it is not refused.</summary>
internal static unsafe partial class EscapeAttempts
{
    private const string Done = "done", Refused = "refused";
    private const int NotPermitted = 1, AccessDenied = 13;

    private static readonly bool s_isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Tries everything.</summary>
    /// <param name="path">A file that may be spoiled; its text is the port of a listener on loopback.</param>
    /// <returns>For each attempt its name, a colon, and <c>done</c>, <c>refused</c>, or what else went wrong; with semicolons.</returns>
    public static string TryAll(string path)
    {
        var port = int.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);
        var server = GetParent();
        (string Name, Action Act)[] attempts =
        [
            ("connect", () => Connect(port)),
            ("unix socket", () => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified).Dispose()),
            ("write", () => File.WriteAllText($"{path}.new", "written")),
            ("overwrite", () => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite).Dispose()),
            ("make a folder", () => Directory.CreateDirectory($"{path}.folder")),
            ("link", () => File.CreateSymbolicLink($"{path}.link", path)),
            ("change the time", () => File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch)),
            ("rename", () => File.Move(path, $"{path}.moved")),
            ("remove", () => File.Delete(path)),
            ("start a program", () => Process.Start(new ProcessStartInfo("/bin/true"))!.Dispose()),
            ("become a program", () => Check(Execute("/bin/true", null, null))),
            ("signal the server", () => Check(Signal(server, 0))),
            ("signal a thread of the server", () => Check((int)LinuxNative.Call(s_isX64 ? 200 : 130 /* tkill */, server, 0, 0))),
            ("have a pipe signal the server", () => Check((int)LinuxNative.Call(s_isX64 ? 72 : 25 /* fcntl */, 0, 8 /* F_SETOWN */, server))),
            ("lock a part of a file", () => Lock(path)),
            ("lock a file", () => LockAll(path)),
            ("hold the server back", () => HoldBack(server)),
            ("choose the server's processors", () => ChooseProcessors(server)),
            ("limit the server", () => Check(Limit(server, 4 /* core files */, new ResourceLimit(), 0))),
            ("read the server's environment", () => File.ReadAllBytes($"/proc/{server}/environ")),
            ("take 1 GiB", () => NativeMemory.Free(NativeMemory.Alloc(1 << 30))),
        ];
        return string.Join("; ", attempts.Select(attempt => $"{attempt.Name}: {Try(attempt.Act)}"));
    }

    private static string Try(Action act)
    {
        try
        {
            act();
            return Done;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or OutOfMemoryException or SocketException { SocketErrorCode: SocketError.AccessDenied }
            or Win32Exception { NativeErrorCode: NotPermitted or AccessDenied })
        {
            return Refused;
        }
        catch (Exception exception) when (exception is IOException or Win32Exception)
        {
            return exception.Message;
        }
    }

    private static void Connect(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>For reading, as one may a file that is open for reading only: the database's journal is kept from its writer by that.</summary>
    private static void Lock(string path)
    {
        using var file = File.OpenHandle(path);
        var range = new LockedRange();
        Check((int)LinuxNative.Call(s_isX64 ? 72 : 25 /* fcntl */, file.DangerousGetHandle(), 6 /* F_SETLK */, (nint)(&range)));
    }

    private static void LockAll(string path)
    {
        using var file = File.OpenHandle(path);
        Check((int)LinuxNative.Call(s_isX64 ? 73 : 32 /* flock */, file.DangerousGetHandle(), 1 | 4 /* LOCK_SH, LOCK_NB */, 0));
    }

    /// <summary>Gives it the scheduling that it has already.</summary>
    private static void HoldBack(int process)
    {
        var priority = 0;
        Check((int)LinuxNative.Call(s_isX64 ? 144 : 119 /* sched_setscheduler */, process, 0 /* SCHED_OTHER */, (nint)(&priority)));
    }

    private static void ChooseProcessors(int process)
    {
        var all = ulong.MaxValue;
        Check((int)LinuxNative.Call(s_isX64 ? 203 : 122 /* sched_setaffinity */, process, sizeof(ulong), (nint)(&all)));
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary><c>struct flock</c>: all of the file, for reading.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LockedRange
    {
        public short Type, From;
        public long Start, Length;
        public int Holder;
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int Limit(int process, int resource, in ResourceLimit limit, nint old);
}
