namespace Vitrine.Decoding.Confinement;

/// <summary>A system call that a decoder may not do.</summary>
/// <param name="Name">As in syscalls(2).</param>
/// <param name="X64">Its number on x86-64.</param>
/// <param name="Arm64">Its number on 64-bit ARM; null where there is none, because a newer call does the same.</param>
/// <param name="When">With which arguments it is refused.</param>
internal sealed record RefusedCall(string Name, int X64, int? Arm64, RefusedWhen When = RefusedWhen.Always);

/// <summary>With which arguments a call is refused.</summary>
internal enum RefusedWhen
{
    Always,

    /// <summary>Always, by saying that the kernel has no such call: then the C library does it by an older one, whose arguments a filter can read.</summary>
    AsUnknown,

    /// <summary>clone: unless a thread is made.</summary>
    NoThread,

    /// <summary>open: when the flags, its second argument, ask for more than reading.</summary>
    WritingBySecond,

    /// <summary>openat: the same in its third argument.</summary>
    WritingByThird,

    /// <summary>kill and the like: unless the first argument is this process.</summary>
    OtherProcess,

    /// <summary>prlimit64: unless the first argument is this process, or 0, which means the same.</summary>
    OtherProcessOrNone,

    /// <summary>tkill: unless the C library is musl, which signals the threads of its own process by it.</summary>
    UnlessMusl,

    /// <summary>fcntl: when it would name who gets the signals of a file (any process of the same user), choose the signal, or lock the file for others.</summary>
    FileOfOthers,

    /// <summary>
    /// ioctl: when it would type into a terminal for the person in front of it, name who gets the signals of a file, or change the attributes of a file, for which
    /// the owner needs it open for reading only.
    /// </summary>
    ReachingOut,
}
