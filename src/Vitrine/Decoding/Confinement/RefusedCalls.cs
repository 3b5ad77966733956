namespace Vitrine.Decoding.Confinement;

/// <summary>
/// What a decoder needs none of: network, programs and processes, other processes' insides, changes of files, and the corners of the kernel where most of its
/// holes have been. Decoding reads files, maps memory and makes threads; a list of what that needs would differ with each C library and each version.
/// </summary>
internal static class RefusedCalls
{
    public static IReadOnlyList<RefusedCall> All { get; } =
    [
        // Network, also by sockets in the file system. io_uring would do it, and more, past any filter.
        new("socket", 41, 198), new("socketpair", 53, 199), new("connect", 42, 203), new("bind", 49, 200), new("listen", 50, 201), new("accept", 43, 202),
        new("accept4", 288, 242), new("io_uring_setup", 425, 425), new("io_uring_enter", 426, 426), new("io_uring_register", 427, 427),

        // Programs and processes.
        new("execve", 59, 221), new("execveat", 322, 281), new("fork", 57, null), new("vfork", 58, null),
        new("clone", 56, 220, RefusedWhen.NoThread), new("clone3", 435, 435, RefusedWhen.AsUnknown),

        // Other processes of the same user.
        new("ptrace", 101, 117), new("process_vm_readv", 310, 270), new("process_vm_writev", 311, 271), new("process_madvise", 440, 440), new("pidfd_open", 434, 434),
        new("pidfd_getfd", 438, 438), new("pidfd_send_signal", 424, 424), new("kcmp", 312, 272), new("rt_sigqueueinfo", 129, 138), new("rt_tgsigqueueinfo", 297, 240),
        new("kill", 62, 129, RefusedWhen.OtherProcess), new("tgkill", 234, 131, RefusedWhen.OtherProcess), new("tkill", 200, 130, RefusedWhen.UnlessMusl),
        new("fcntl", 72, 25, RefusedWhen.FileOfOthers), new("ioctl", 16, 29, RefusedWhen.ReachingOut), new("prlimit64", 302, 261, RefusedWhen.OtherProcessOrNone),
        new("setpriority", 141, 140), new("ioprio_set", 251, 30), new("sched_setaffinity", 203, 122, RefusedWhen.OtherProcessOrNone), new("sched_setscheduler", 144, 119),
        new("flock", 73, 32), new("sched_setparam", 142, 118), new("sched_setattr", 314, 274), new("migrate_pages", 256, 238), new("move_pages", 279, 239),

        // Changes of files. Landlock refuses most of them, too, but not permissions, owners, times and attributes, and not every kernel has it.
        new("open", 2, null, RefusedWhen.WritingBySecond), new("openat", 257, 56, RefusedWhen.WritingByThird), new("openat2", 437, 437, RefusedWhen.AsUnknown),
        new("creat", 85, null), new("mkdir", 83, null), new("mkdirat", 258, 34), new("rmdir", 84, null), new("unlink", 87, null), new("unlinkat", 263, 35),
        new("rename", 82, null), new("renameat", 264, 38), new("renameat2", 316, 276), new("link", 86, null), new("linkat", 265, 37), new("symlink", 88, null),
        new("symlinkat", 266, 36), new("mknod", 133, null), new("mknodat", 259, 33), new("truncate", 76, 45), new("chmod", 90, null), new("fchmod", 91, 52),
        new("fchmodat", 268, 53), new("fchmodat2", 452, 452), new("chown", 92, null), new("fchown", 93, 55), new("lchown", 94, null), new("fchownat", 260, 54),
        new("utime", 132, null), new("utimes", 235, null), new("futimesat", 261, null), new("utimensat", 280, 88), new("setxattr", 188, 5), new("lsetxattr", 189, 6),
        new("fsetxattr", 190, 7), new("setxattrat", 463, 463), new("removexattr", 197, 14), new("lremovexattr", 198, 15), new("fremovexattr", 199, 16),
        new("removexattrat", 466, 466), new("file_setattr", 469, 469), new("name_to_handle_at", 303, 264), new("open_by_handle_at", 304, 265),

        // Memory and messages that processes of one user share.
        new("shmget", 29, 194), new("shmat", 30, 196), new("shmctl", 31, 195), new("msgget", 68, 186), new("msgsnd", 69, 189), new("msgrcv", 70, 188),
        new("msgctl", 71, 187), new("semget", 64, 190), new("semop", 65, 193), new("semctl", 66, 191), new("semtimedop", 220, 192), new("mq_open", 240, 180),
        new("mq_unlink", 241, 181),

        // Rights, and the machine itself.
        new("setuid", 105, 146), new("setgid", 106, 144), new("setreuid", 113, 145), new("setregid", 114, 143), new("setresuid", 117, 147), new("setresgid", 119, 149),
        new("setfsuid", 122, 151), new("setfsgid", 123, 152), new("setgroups", 116, 159), new("capset", 126, 91),
        new("mount", 165, 40), new("umount2", 166, 39), new("pivot_root", 155, 41), new("chroot", 161, 51), new("unshare", 272, 97), new("setns", 308, 268),
        new("open_tree", 428, 428), new("move_mount", 429, 429), new("fsopen", 430, 430), new("fsconfig", 431, 431), new("fsmount", 432, 432), new("fspick", 433, 433),
        new("mount_setattr", 442, 442), new("swapon", 167, 224), new("swapoff", 168, 225), new("quotactl", 179, 60), new("quotactl_fd", 443, 443),
        new("bpf", 321, 280), new("perf_event_open", 298, 241), new("userfaultfd", 323, 282), new("add_key", 248, 217), new("request_key", 249, 218),
        new("keyctl", 250, 219), new("init_module", 175, 105), new("finit_module", 313, 273), new("delete_module", 176, 106), new("kexec_load", 246, 104),
        new("kexec_file_load", 320, 294), new("reboot", 169, 142), new("acct", 163, 89), new("syslog", 103, 116), new("personality", 135, 92),
        new("modify_ldt", 154, null), new("iopl", 172, null), new("ioperm", 173, null), new("fanotify_init", 300, 262), new("settimeofday", 164, 170),
        new("clock_settime", 227, 112), new("adjtimex", 159, 171), new("clock_adjtime", 305, 266), new("sethostname", 170, 161), new("setdomainname", 171, 162),
    ];
}
