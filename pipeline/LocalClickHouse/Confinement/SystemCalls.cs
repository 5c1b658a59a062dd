using System.Runtime.InteropServices;

namespace Streaming.LocalClickHouse.Confinement;

/// <summary>A system call with its number on each architecture; -1 where it does not exist.</summary>
internal readonly record struct SystemCall(string Name, int X64, int Arm64)
{
    /// <summary>Its number on this machine.</summary>
    public int Number => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : X64;
}

/// <summary>
/// What the engine's process never needs once it listens, and what would lead out of it. The rest of the calls work on what it has open, on
/// its own memory and on files, which Landlock judges.
/// </summary>
internal static class SystemCalls
{
    public static readonly SystemCall Clone = new("clone", 56, 220);
    public static readonly SystemCall Clone3 = new("clone3", 435, 435);
    public static readonly SystemCall Kill = new("kill", 62, 129);
    public static readonly SystemCall ThreadKill = new("tgkill", 234, 131);
    public static readonly SystemCall Limits = new("prlimit64", 302, 261);
    public static readonly SystemCall FileControl = new("fcntl", 72, 25);
    public static readonly SystemCall DeviceControl = new("ioctl", 16, 29);
    public static readonly SystemCall SendTo = new("sendto", 44, 206);
    public static readonly SystemCall SendMessage = new("sendmsg", 46, 211);
    public static readonly SystemCall ChangeModeAt = new("fchmodat", 268, 53);
    public static readonly SystemCall SendMessages = new("sendmmsg", 307, 269);
    public static readonly SystemCall Priority = new("setpriority", 141, 140);

    /// <summary>How the kernel shares out processors; the first argument says whose share.</summary>
    public static readonly SystemCall[] Scheduling =
    [
        new("sched_setaffinity", 203, 122), new("sched_setscheduler", 144, 119), new("sched_setparam", 142, 118),
        new("sched_setattr", 314, 274),
    ];

    public static readonly SystemCall Seccomp = new("seccomp", 317, 277);

    /// <summary>Calls with a higher number are younger than this list (mseal, Linux 6.10): they do not exist for the process.</summary>
    public const int Youngest = 462;

    /// <summary>Refused, whatever their arguments.</summary>
    public static readonly SystemCall[] Refused =
    [
        // programs
        new("execve", 59, 221),
        new("execveat", 322, 281),
        new("fork", 57, -1),
        new("vfork", 58, -1),
        // sockets
        new("socket", 41, 198),
        new("socketpair", 53, 199),
        new("bind", 49, 200),
        new("connect", 42, 203),
        // other processes
        new("ptrace", 101, 117),
        new("process_vm_readv", 310, 270),
        new("process_vm_writev", 311, 271),
        new("process_madvise", 440, 440),
        new("process_mrelease", 448, 448),
        new("kcmp", 312, 272),
        new("pidfd_open", 434, 434),
        new("pidfd_getfd", 438, 438),
        new("pidfd_send_signal", 424, 424),
        new("tkill", 200, 130),
        new("rt_sigqueueinfo", 129, 138),
        new("rt_tgsigqueueinfo", 297, 240),
        new("move_pages", 279, 239),
        new("migrate_pages", 256, 238),
        new("ioprio_set", 251, 30),
        // shared memory and queues that others can reach
        new("shmget", 29, 194),
        new("shmat", 30, 196),
        new("shmctl", 31, 195),
        new("semget", 64, 190),
        new("semop", 65, 193),
        new("semctl", 66, 191),
        new("semtimedop", 220, 192),
        new("msgget", 68, 186),
        new("msgsnd", 69, 189),
        new("msgrcv", 70, 188),
        new("msgctl", 71, 187),
        new("mq_open", 240, 180),
        new("mq_unlink", 241, 181),
        // ways around this filter and around paths
        new("io_uring_setup", 425, 425),
        new("io_uring_enter", 426, 426),
        new("io_uring_register", 427, 427),
        new("open_by_handle_at", 304, 265),
        new("name_to_handle_at", 303, 264),
        new("bpf", 321, 280),
        new("perf_event_open", 298, 241),
        new("userfaultfd", 323, 282),
        new("keyctl", 250, 219),
        new("add_key", 248, 217),
        new("request_key", 249, 218),
        new("personality", 135, 92),
        new("modify_ldt", 154, -1),
        new("remap_file_pages", 216, 234),
        new("vmsplice", 278, 75),
        // what Landlock does not see: modes, owners, attributes, device files, what happens in folders. fchmodat is judged by its mode
        new("chmod", 90, -1),
        new("fchmod", 91, 52),
        new("fchmodat2", 452, 452),
        new("chown", 92, -1),
        new("fchown", 93, 55),
        new("lchown", 94, -1),
        new("fchownat", 260, 54),
        new("setxattr", 188, 5),
        new("lsetxattr", 189, 6),
        new("fsetxattr", 190, 7),
        new("removexattr", 197, 14),
        new("lremovexattr", 198, 15),
        new("fremovexattr", 199, 16),
        new("mknod", 133, -1),
        new("mknodat", 259, 33),
        new("fanotify_init", 300, 262),
        new("fanotify_mark", 301, 263),
        new("inotify_init", 253, -1),
        new("inotify_init1", 294, 26),
        new("inotify_add_watch", 254, 27),
        // mounts and namespaces
        new("mount", 165, 40),
        new("umount2", 166, 39),
        new("pivot_root", 155, 41),
        new("chroot", 161, 51),
        new("setns", 308, 268),
        new("unshare", 272, 97),
        new("open_tree", 428, 428),
        new("move_mount", 429, 429),
        new("fsopen", 430, 430),
        new("fsconfig", 431, 431),
        new("fsmount", 432, 432),
        new("fspick", 433, 433),
        new("mount_setattr", 442, 442),
        // users and rights
        new("setuid", 105, 146),
        new("setgid", 106, 144),
        new("setreuid", 113, 145),
        new("setregid", 114, 143),
        new("setresuid", 117, 147),
        new("setresgid", 119, 149),
        new("setfsuid", 122, 151),
        new("setfsgid", 123, 152),
        new("setgroups", 116, 159),
        new("capset", 126, 91),
        // the machine
        new("init_module", 175, 105),
        new("finit_module", 313, 273),
        new("delete_module", 176, 106),
        new("kexec_load", 246, 104),
        new("kexec_file_load", 320, 294),
        new("reboot", 169, 142),
        new("swapon", 167, 224),
        new("swapoff", 168, 225),
        new("acct", 163, 89),
        new("quotactl", 179, 60),
        new("quotactl_fd", 443, 443),
        new("sethostname", 170, 161),
        new("setdomainname", 171, 162),
        new("settimeofday", 164, 170),
        new("clock_settime", 227, 112),
        new("adjtimex", 159, 171),
        new("clock_adjtime", 305, 266),
        new("syslog", 103, 116),
        new("iopl", 172, -1),
        new("ioperm", 173, -1),
        new("vhangup", 153, 58),
        new("lookup_dcookie", 212, 18),
        new("nfsservctl", 180, 42),
    ];
}
