using System.Runtime.InteropServices;

namespace Streaming.LocalClickHouse.Confinement;

/// <summary>
/// The kernel's seccomp filter for the engine's process: no new programs or processes, no new sockets or connections, no signals to and no
/// look into other processes, nothing of <see cref="SystemCalls.Refused"/>. Holds for all threads and cannot be undone. Needs no rights.
/// </summary>
internal static unsafe partial class SeccompFilter
{
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAbove = 0x25, JumpIfSet = 0x45, Return = 0x06;
    private const uint Number = 0, Architecture32 = 4, FirstArgument = 16; // in struct seccomp_data
    private const uint SecondArgument = 24, ThirdArgument = 32, FourthArgument = 40;
    private const uint Allow = 0x7FFF_0000, Refuse = 0x0005_0000 | 1 /* EPERM */, Unknown = 0x0005_0000 | 38 /* ENOSYS */;
    private const uint AuditX64 = 0xC000_003E, AuditArm64 = 0xC000_00B7;
    private const uint CloneThread = 0x0001_0000;

    /// <summary>MSG_FASTOPEN: data to an address make a connection to it, also from the listening socket once that is shut down.</summary>
    private const uint Connecting = 0x2000_0000;

    // All but 0644: the engine makes files read-only when it detaches a partition. No file becomes executable or writable for others.
    private const uint RefusedModes = 0xE5B;

    /// <summary>Of <c>fcntl</c>: F_SETOWN, F_SETSIG, F_SETOWN_EX, by which the kernel
    /// sends a signal to a process of one's choice.</summary>
    private static readonly uint[] OwnerControls = [8, 10, 15];

    /// <summary>Of <c>ioctl</c>: TIOCSTI and TIOCLINUX, which type into a terminal; FIOSETOWN and SIOCSPGRP, which are F_SETOWN.</summary>
    private static readonly uint[] DeviceControls = [0x5412, 0x541C, 0x8901, 0x8902];

    private const int NoNewPrivileges = 38;
    private const nuint SetFilter = 1, AllThreads = 1;

    /// <summary>What the kernel does not keep from this process because there can be
    /// no filter here, one phrase; null when there can.</summary>
    public static string? Unavailable => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
        ? null
        : $"programs, sockets and other processes (no list of system calls for {RuntimeInformation.ProcessArchitecture})";

    /// <summary>Puts the filter before every thread of this process.</summary>
    /// <exception cref="ConfinementException">The kernel refuses.</exception>
    public static void Install()
    {
        var program = Program((uint)Environment.ProcessId);
        fixed (Instruction* first = program)
        {
            var filter = new Filter { Length = (ushort)program.Length, Instructions = first };
            if (PrCtl(NoNewPrivileges, 1, 0, 0, 0) != 0
                || Syscall(SystemCalls.Seccomp.Number, SetFilter, AllThreads, (nuint)(&filter)) != 0)
            {
                throw new ConfinementException($"seccomp did not take the filter: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    private static Instruction[] Program(uint self)
    {
        var program = new List<Instruction>
        {
            new(Load, Architecture32),
            // Calls made as another architecture's (32 bit) have other numbers: none of them.
            new(JumpIfEqual, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? AuditArm64 : AuditX64, then: 1),
            new(Return, Unknown),
            new(Load, Number),
            // Younger than the list; on x86-64 the numbers of x32 are above it too.
            new(JumpIfAbove, SystemCalls.Youngest, otherwise: 1),
            new(Return, Unknown),
            // Its arguments lie in memory where no filter sees them; the C library then uses clone.
            new(JumpIfEqual, (uint)SystemCalls.Clone3.Number, otherwise: 1),
            new(Return, Unknown),
        };
        foreach (var call in SystemCalls.Refused.Where(c => c.Number >= 0))
        {
            program.Add(new(JumpIfEqual, (uint)call.Number, otherwise: 1));
            program.Add(new(Return, Refuse));
        }

        // A thread of this process, and no process.
        program.AddRange([new(JumpIfEqual, (uint)SystemCalls.Clone.Number, otherwise: 4), new(Load, FirstArgument),
            new(JumpIfSet, CloneThread, then: 1), new(Return, Refuse), new(Return, Allow)]);
        // This process alone.
        foreach (var call in (SystemCall[])[SystemCalls.Kill, SystemCalls.ThreadKill])
        {
            program.AddRange([new(JumpIfEqual, (uint)call.Number, otherwise: 4), new(Load, FirstArgument), new(JumpIfEqual, self, then: 1),
                new(Return, Refuse), new(Return, Allow)]);
        }

        // The calling thread's own share of the processors.
        foreach (var call in SystemCalls.Scheduling)
        {
            program.AddRange([new(JumpIfEqual, (uint)call.Number, otherwise: 4), new(Load, FirstArgument), new(JumpIfEqual, 0, then: 1),
                new(Return, Refuse), new(Return, Allow)]);
        }
        program.AddRange([new(JumpIfEqual, (uint)SystemCalls.Priority.Number, otherwise: 6), new(Load, FirstArgument),
            new(JumpIfEqual, 0, otherwise: 2), new(Load, SecondArgument), new(JumpIfEqual, 0, then: 1), new(Return, Refuse),
                new(Return, Allow)]);

        // No connection through MSG_FASTOPEN, and no file mode outside 0644.
        (SystemCall, uint, uint)[] judged =
        [
            (SystemCalls.SendTo, FourthArgument, Connecting), (SystemCalls.SendMessage, ThirdArgument, Connecting),
            (SystemCalls.SendMessages, FourthArgument, Connecting), (SystemCalls.ChangeModeAt, ThirdArgument, RefusedModes),
        ];
        foreach (var (call, argument, refused) in judged)
        {
            program.AddRange([new(JumpIfEqual, (uint)call.Number, otherwise: 4), new(Load, argument),
                new(JumpIfSet, refused, otherwise: 1)]);
            program.AddRange([new(Return, Refuse), new(Return, Allow)]);
        }

        (SystemCall, uint[])[] controlling = [(SystemCalls.FileControl, OwnerControls), (SystemCalls.DeviceControl, DeviceControls)];
        foreach (var (call, refused) in controlling)
        {
            program.AddRange([new(JumpIfEqual, (uint)call.Number, otherwise: (byte)((2 * refused.Length) + 2)), new(Load, SecondArgument)]);
            foreach (var control in refused) program.AddRange([new(JumpIfEqual, control, otherwise: 1), new(Return, Refuse)]);
            program.Add(new(Return, Allow));
        }

        program.AddRange(
        [
            new(JumpIfEqual, (uint)SystemCalls.Limits.Number, otherwise: 5), new(Load, FirstArgument), new(JumpIfEqual, self, then: 2),
            new(JumpIfEqual, 0, then: 1), new(Return, Refuse), new(Return, Allow),
            new(Return, Allow),
        ]);
        return [.. program];
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nuint a, nuint b, nuint c);

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, uint value, byte then = 0, byte otherwise = 0)
    {
        private readonly ushort code = code;
        private readonly byte then = then;
        private readonly byte otherwise = otherwise;
        private readonly uint value = value;
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Filter
    {
        public ushort Length;
        public Instruction* Instructions;
    }
}
