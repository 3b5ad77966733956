using Vitrine.Decoding.Confinement;
using Xunit;
using Processor = System.Runtime.InteropServices.Architecture;

namespace Vitrine.Tests.Decoding.Confinement;

/// <summary>The filters of both processors, run as the kernel would run them.</summary>
public sealed class SystemCallFilterTests
{
    private const uint Allowed = 0x7FFF_0000, NotPermitted = 0x0005_0001, NoSuchCall = 0x0005_0026;
    private const uint X64 = 0xC000_003E, Arm64 = 0xC000_00B7, I386 = 0x4000_0003;
    private const int Own = 4711, Other = 1;

    public static TheoryData<string, int?, int?, int[], uint> Calls => new()
    {
        // name, number on x86-64, on ARM64, arguments, answer
        { "read", 0, 63, [], Allowed },
        { "write", 1, 64, [], Allowed },
        { "mmap", 9, 222, [], Allowed },
        { "futex", 202, 98, [], Allowed },
        { "exit_group", 231, 94, [], Allowed },
        { "memfd_create", 319, 279, [], Allowed },
        { "open to read", 2, null, [0, 0x80000], Allowed },
        { "open to write", 2, null, [0, 1], NotPermitted },
        { "openat to read", 257, 56, [-100, 0, 0x80000], Allowed },
        { "openat to write", 257, 56, [-100, 0, 0x80001], NotPermitted },
        { "openat to read and write", 257, 56, [-100, 0, 2], NotPermitted },
        { "openat to create", 257, 56, [-100, 0, 0x40], NotPermitted },
        { "openat to empty", 257, 56, [-100, 0, 0x200], NotPermitted },
        { "openat2", 437, 437, [], NoSuchCall },
        { "clone of a thread", 56, 220, [0x3D0F00], Allowed },
        { "clone of a process", 56, 220, [0x1200011], NotPermitted },
        { "clone3", 435, 435, [], NoSuchCall },
        { "fork", 57, null, [], NotPermitted },
        { "execve", 59, 221, [], NotPermitted },
        { "socket", 41, 198, [], NotPermitted },
        { "connect", 42, 203, [], NotPermitted },
        { "io_uring_setup", 425, 425, [], NotPermitted },
        { "ptrace", 101, 117, [], NotPermitted },
        { "kill itself", 62, 129, [Own], Allowed },
        { "kill another", 62, 129, [Other], NotPermitted },
        { "kill all", 62, 129, [-1], NotPermitted },
        { "tgkill itself", 234, 131, [Own], Allowed },
        { "tgkill another", 234, 131, [Other], NotPermitted },
        { "tkill", 200, 130, [Own], NotPermitted },
        { "fcntl F_GETFL", 72, 25, [0, 3], Allowed },
        { "fcntl F_SETFD", 72, 25, [0, 2], Allowed },
        { "fcntl F_DUPFD_CLOEXEC", 72, 25, [0, 1030], Allowed },
        { "fcntl F_SETLK", 72, 25, [0, 6], NotPermitted },
        { "fcntl F_SETLKW", 72, 25, [0, 7], NotPermitted },
        { "fcntl F_SETOWN", 72, 25, [0, 8, Other], NotPermitted },
        { "fcntl F_SETSIG", 72, 25, [0, 10, 9], NotPermitted },
        { "fcntl F_SETOWN_EX", 72, 25, [0, 15], NotPermitted },
        { "fcntl F_OFD_SETLK", 72, 25, [0, 37], NotPermitted },
        { "fcntl F_OFD_SETLKW", 72, 25, [0, 38], NotPermitted },
        { "fcntl F_SETLEASE", 72, 25, [0, 1024], NotPermitted },
        { "flock", 73, 32, [], NotPermitted },
        { "sched_setaffinity of itself", 203, 122, [0], Allowed },
        { "sched_setaffinity of another", 203, 122, [Other], NotPermitted },
        { "sched_setscheduler", 144, 119, [Other], NotPermitted },
        { "sched_setparam", 142, 118, [Other], NotPermitted },
        { "sched_setattr", 314, 274, [Other], NotPermitted },
        { "prlimit64 of itself", 302, 261, [0], Allowed },
        { "prlimit64 of itself by number", 302, 261, [Own], Allowed },
        { "prlimit64 of another", 302, 261, [Other], NotPermitted },
        { "ioctl FIONREAD", 16, 29, [0, 0x541B], Allowed },
        { "ioctl TIOCSTI", 16, 29, [0, 0x5412], NotPermitted },
        { "ioctl TIOCLINUX", 16, 29, [0, 0x541C], NotPermitted },
        { "ioctl FIOSETOWN", 16, 29, [0, 0x8901], NotPermitted },
        { "ioctl SIOCSPGRP", 16, 29, [0, 0x8902], NotPermitted },
        { "ioctl FS_IOC_SETFLAGS", 16, 29, [0, 0x4008_6602], NotPermitted },
        { "ioctl FS_IOC_FSSETXATTR", 16, 29, [0, 0x401C_5820], NotPermitted },
        { "file_setattr", 469, 469, [], NotPermitted },
        { "fchmod", 91, 52, [], NotPermitted },
        { "unlinkat", 263, 35, [], NotPermitted },
        { "setdomainname, the last one", 171, 162, [], NotPermitted },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void Filter_Call_IsAnswered(string name, int? onX64, int? onArm64, int[] arguments, uint answer)
    {
        Assert.NotEmpty(name);
        if (onX64 is { } x64)
            Assert.Equal(answer, Run(Processor.X64, X64, (uint)x64, arguments));
        if (onArm64 is { } arm64)
            Assert.Equal(answer, Run(Processor.Arm64, Arm64, (uint)arm64, arguments));
    }

    [Fact]
    public void Filter_CallByTheRulesOfAnotherProcessor_IsRefused()
    {
        Assert.Equal(NotPermitted, Run(Processor.X64, I386, 3, []));
        Assert.Equal(NotPermitted, Run(Processor.Arm64, X64, 0, []));
        Assert.Equal(NotPermitted, Run(Processor.X64, X64, 0x4000_0000, [])); // x32
    }

    /// <summary>There it is what the runtime stops its own threads by, and no filter can tell whose thread is meant.</summary>
    [Fact]
    public void Filter_OfMusl_LeavesOutTkillAlone()
    {
        Assert.Equal(Allowed, Run(Processor.X64, X64, 200, [Own], isMusl: true));
        Assert.Equal(Allowed, Run(Processor.Arm64, Arm64, 130, [Own], isMusl: true));
        Assert.Equal(NotPermitted, Run(Processor.X64, X64, 234, [Other], isMusl: true));
    }

    [Fact]
    public void RefusedCalls_Numbers_StandOnce()
    {
        Assert.Distinct(RefusedCalls.All.Select(call => call.Name));
        Assert.Distinct(RefusedCalls.All.Select(call => call.X64));
        Assert.Distinct(RefusedCalls.All.Select(call => call.Arm64).OfType<int>());
    }

    /// <summary>What the kernel's interpreter does with the instructions that filters use.</summary>
    private static uint Run(Processor architecture, uint processor, uint number, int[] arguments, bool isMusl = false)
    {
        var program = SystemCallFilter.Build(architecture, Own, isMusl);
        uint Loaded(uint offset) => offset switch
        {
            0 => number,
            4 => processor,
            _ => offset % 8 == 0 && (int)(offset - 16) / 8 is var argument && argument < arguments.Length ? (uint)arguments[argument] : 0,
        };
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var instruction = program[at];
            switch (instruction.Code)
            {
                case FilterInstruction.LoadCode:
                    accumulator = Loaded(instruction.Value);
                    break;
                case FilterInstruction.EqualCode:
                    at += accumulator == instruction.Value ? instruction.IfTrue : instruction.IfFalse;
                    break;
                case FilterInstruction.AtLeastCode:
                    at += accumulator >= instruction.Value ? instruction.IfTrue : instruction.IfFalse;
                    break;
                case FilterInstruction.AnyBitCode:
                    at += (accumulator & instruction.Value) != 0 ? instruction.IfTrue : instruction.IfFalse;
                    break;
                default:
                    Assert.Equal(FilterInstruction.AnswerCode, instruction.Code);
                    return instruction.Value;
            }
        }
    }
}
