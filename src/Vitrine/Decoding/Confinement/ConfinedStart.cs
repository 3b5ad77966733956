using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Vitrine.Decoding.Confinement;

/// <summary>Starts a process that has fewer rights than this one from its first instruction on.</summary>
/// <remarks>
/// Linux inherits rights from the thread that starts a process. So each start has a thread of its own, which gives up its rights, starts the process and ends: this
/// process stays as it is, and each child has a Landlock domain of its own. A thread that was started by the restricted one would be restricted, too, for as
/// long as it lives. Therefore nothing runs there but <see cref="Process.Start()"/>, its caller waits without a task (whose continuation could make the thread pool
/// grow from there), and the runtime's thread for signals is made before.
/// </remarks>
internal static class ConfinedStart
{
    private const int OutOfMemoryPreference = 500, MostPreferred = 1000;

    static ConfinedStart()
    {
        if (!OperatingSystem.IsWindows())
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => { }).Dispose();
    }

    /// <summary>Starts the process; on Linux with no way to write, to gain privileges, or to reach other processes, as far as the kernel has it.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    /// <exception cref="InvalidOperationException">No program is named.</exception>
    /// <exception cref="OutOfMemoryException">The system lets this process have no further thread.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        if (!OperatingSystem.IsLinux())
            return Process.Start(start)!;

        Process? process = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Restrict();
                process = Process.Start(start);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception); // thrown again where the caller waits
            }
        })
        { IsBackground = true, Name = "decoder start" };
        thread.UnsafeStart();
        thread.Join();
        failure?.Throw();
        PreferWhenMemoryRunsOut(process!.Id);
        return process;
    }

    private static void Restrict()
    {
        Capabilities.KeepReading();
        if (LinuxNative.TryForgoNewPrivileges())
            Landlock.TryRestrictThread(); // where it cannot be had, `vitrine doctor` says so
    }

    /// <summary>Where memory runs out, the kernel ends a decoder rather than the server.</summary>
    private static void PreferWhenMemoryRunsOut(int process)
    {
        try
        {
            var own = int.Parse(File.ReadAllText("/proc/self/oom_score_adj"), CultureInfo.InvariantCulture);
            File.WriteAllText($"/proc/{process}/oom_score_adj", $"{Math.Min(own + OutOfMemoryPreference, MostPreferred)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended already, or /proc is not there or read-only; the decoder says in its hello what it has.
        }
    }
}
