using System.Runtime.InteropServices;
using static Vitrine.Decoding.Confinement.FilterInstruction;

namespace Vitrine.Decoding.Confinement;

/// <summary>Linux' seccomp: a filter before each system call of all threads of this process, which refuses <see cref="RefusedCalls"/>.</summary>
internal static unsafe class SystemCallFilter
{
    private const uint X64Processor = 0xC000_003E, Arm64Processor = 0xC000_00B7;
    private const uint X32Calls = 0x4000_0000;
    private const int NotPermitted = 1, NoSuchCall = 38;

    private const nint SetFilter = 1, AllThreads = 1, AllowSpeculation = 4;

    /// <summary>Installs the filter for good; the process forgoes new privileges with it.</summary>
    /// <returns>False on other processors, and where the kernel, an emulator or a container does not let it be done.</returns>
    public static bool TryInstall()
    {
        var architecture = RuntimeInformation.ProcessArchitecture;
        if (architecture is not (Architecture.X64 or Architecture.Arm64) || !LinuxNative.TryForgoNewPrivileges())
            return false;
        var isMusl = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);
        var instructions = Build(architecture, Environment.ProcessId, isMusl);
        var seccomp = architecture == Architecture.X64 ? 317 : 277;
        fixed (FilterInstruction* first = instructions)
        {
            var program = new Program { Length = (ushort)instructions.Length, First = first };
            // Kernels before 5.16 make every process with a filter slower by what they do against Spectre; 4.17 and later can be told not to.
            return LinuxNative.Call(seccomp, SetFilter, AllThreads | AllowSpeculation, (nint)(&program)) == 0
                || LinuxNative.Call(seccomp, SetFilter, AllThreads, (nint)(&program)) == 0;
        }
    }

    /// <summary>The filter as the kernel takes it. It looks at the calls one after another; the kernel remembers those that are always allowed, and asks it no more.</summary>
    /// <param name="ownProcess">The id of the process that it is for.</param>
    /// <param name="isMusl">Whether the process has musl for its C library.</param>
    public static FilterInstruction[] Build(Architecture architecture, int ownProcess, bool isMusl)
    {
        var isX64 = architecture == Architecture.X64;
        var program = new List<FilterInstruction>
        {
            // A call by the rules of another processor (32-bit code) has other numbers: none of it is allowed.
            Load(Processor), IfEqual(isX64 ? X64Processor : Arm64Processor, then: 1), Refuse(NotPermitted), Load(Number),
        };
        if (isX64)
            program.AddRange([IfAtLeast(X32Calls, otherwise: 1), Refuse(NotPermitted)]);
        foreach (var call in RefusedCalls.All)
        {
            if ((isX64 ? call.X64 : call.Arm64) is not { } number || (isMusl && call.When == RefusedWhen.UnlessMusl))
                continue;
            var decision = Decide(call.When, (uint)ownProcess);
            program.Add(IfEqual((uint)number, otherwise: (byte)decision.Length));
            program.AddRange(decision);
        }
        return [.. program, Allow];
    }

    /// <summary>What follows when the number is that of the call: always ends with an answer.</summary>
    private static FilterInstruction[] Decide(RefusedWhen when, uint ownProcess)
    {
        const uint MakesThread = 0x1_0000;
        const uint WriteOnly = 1, ReadAndWrite = 2, Create = 0x40, Truncate = 0x200, Writes = WriteOnly | ReadAndWrite | Create | Truncate;
        const uint TypeCharacter = 0x5412, ConsoleCommand = 0x541C; // TIOCSTI, TIOCLINUX
        const uint SocketOwner = 0x8901, SocketGroup = 0x8902, FileFlags = 0x4008_6602, FileAttributes = 0x401C_5820; // FIOSETOWN, SIOCSPGRP, FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR
        const uint Lock = 6, LockAndWait = 7, Owner = 8, Signal = 10, OwnerOfKind = 15, OpenFileLock = 37, OpenFileLockAndWait = 38, Lease = 1024; // F_SETLK and so on
        return when switch
        {
            RefusedWhen.Always or RefusedWhen.UnlessMusl => [Refuse(NotPermitted)],
            RefusedWhen.AsUnknown => [Refuse(NoSuchCall)],
            RefusedWhen.NoThread => [LoadArgument(0), IfAnyBit(MakesThread, then: 1), Refuse(NotPermitted), Allow],
            RefusedWhen.WritingBySecond => [LoadArgument(1), IfAnyBit(Writes, otherwise: 1), Refuse(NotPermitted), Allow],
            RefusedWhen.WritingByThird => [LoadArgument(2), IfAnyBit(Writes, otherwise: 1), Refuse(NotPermitted), Allow],
            RefusedWhen.OtherProcess => [LoadArgument(0), IfEqual(ownProcess, then: 1), Refuse(NotPermitted), Allow],
            RefusedWhen.OtherProcessOrNone => [LoadArgument(0), IfEqual(0, then: 2), IfEqual(ownProcess, then: 1), Refuse(NotPermitted), Allow],
            RefusedWhen.FileOfOthers => UnlessSecondIs(Lock, LockAndWait, Owner, Signal, OwnerOfKind, OpenFileLock, OpenFileLockAndWait, Lease),
            RefusedWhen.ReachingOut => UnlessSecondIs(TypeCharacter, ConsoleCommand, SocketOwner, SocketGroup, FileFlags, FileAttributes),
            _ => throw new ArgumentOutOfRangeException(nameof(when), when, "There is no rule for it."),
        };
    }

    /// <summary>Allows the call unless its second argument is one of these.</summary>
    private static FilterInstruction[] UnlessSecondIs(params uint[] refused) =>
        [LoadArgument(1), .. refused.Select((value, index) => IfEqual(value, then: (byte)(refused.Length - index))), Allow, Refuse(NotPermitted)];

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public FilterInstruction* First;
    }
}
