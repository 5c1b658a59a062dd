using System.Runtime.InteropServices;

namespace Streaming.LocalClickHouse.Confinement;

/// <summary>What a path may be used for, as Landlock numbers it.</summary>
[Flags]
internal enum PathRights : ulong
{
    None = 0,
    Execute = 1 << 0,
    WriteFile = 1 << 1,
    ReadFile = 1 << 2,
    ReadDirectory = 1 << 3,
    RemoveDirectory = 1 << 4,
    RemoveFile = 1 << 5,
    MakeDirectory = 1 << 7,
    MakeFile = 1 << 8,
    MakeSymbolicLink = 1 << 12,
    Refer = 1 << 13,
    Truncate = 1 << 14,

    /// <summary>Read only.</summary>
    Read = ReadFile | ReadDirectory,

    /// <summary>Everything but running programs and making device files, pipes and sockets.</summary>
    Keep = Read | WriteFile | RemoveDirectory | RemoveFile | MakeDirectory | MakeFile | MakeSymbolicLink | Refer | Truncate,

    /// <summary>Those that a single file can have.</summary>
    OfFile = Execute | WriteFile | ReadFile | Truncate,
}

/// <summary>
/// The kernel's Landlock: takes from the calling thread, and from every program it becomes or starts, the right to files, ports and
/// processes outside a list. It cannot be undone. Needs no privileges.
/// </summary>
internal sealed unsafe partial class Landlock : IDisposable
{
    /// <summary>The oldest version that serves: before it nothing can be moved from one folder to another, which the engine does.</summary>
    public const int OldestVersion = 2;

    private const int CreateRuleset = 444, AddRule = 445, RestrictSelf = 446; // the same on every architecture
    private const uint AskVersion = 1;
    private const int PathBeneath = 1, NetPort = 2;
    private const ulong BindTcp = 1, ConnectTcp = 2;
    private const ulong AbstractSockets = 1, Signals = 2;
    private const int PathOnly = 0x200000; // O_PATH
    private readonly int version;
    private readonly int ruleset;
    private readonly ulong handled;
    private readonly List<int> held = [];

    private Landlock(int version)
    {
        this.version = version;
        handled = (1UL << (version switch { 2 => 14, < 5 => 15, _ => 16 })) - 1;
        var wanted = stackalloc ulong[3] { handled, BindTcp | ConnectTcp, AbstractSockets | Signals };
        ruleset = Checked((int)Syscall(CreateRuleset, (nuint)wanted, (nuint)(version switch { < 4 => 8, < 6 => 16, _ => 24 }), 0, 0),
            "create a ruleset");
    }

    /// <summary>The kernel's version of it; 0 when it has none or does not let this process use it.</summary>
    public static int Version() => (int)Math.Max(0, Syscall(CreateRuleset, 0, 0, AskVersion, 0));

    /// <summary>A list without anything on it.</summary>
    /// <exception cref="ConfinementException">The kernel refuses.</exception>
    public static Landlock Create(int version) => new(version);

    /// <summary>What this version of it does not keep from a process, one phrase each.</summary>
    public static IEnumerable<string> Missing(int version)
    {
        if (version < 3) yield return "cutting files short (Landlock 3)";
        if (version < 4) yield return "TCP ports (Landlock 4)";
        if (version < 6) yield return "signals to other processes (Landlock 6)";
    }

    /// <summary>Puts a file or a folder with all in it on the list. A path that is not there is left out.</summary>
    /// <param name="path">The path; a symbolic link means what it names.</param>
    /// <param name="rights">What it may be used for.</param>
    /// <param name="hold">
    /// Keeps it open from now on, in the program that follows too: in <c>/proc</c> a file that nobody holds open has a new identity at the
    /// next look-up.
    /// </param>
    public void Allow(string path, PathRights rights, bool hold = false)
    {
        var descriptor = Open(path, PathOnly, 0);
        if (descriptor < 0) return;
        var given = (ulong)(Directory.Exists(path) ? rights : rights & PathRights.OfFile) & handled;
        var rule = new PathRule { Rights = given, Descriptor = descriptor };
        Checked((int)Syscall(AddRule, (nuint)ruleset, PathBeneath, (nuint)(&rule), 0), $"allow {path}");
        if (hold) held.Add(descriptor);
        else _ = Close(descriptor);
    }

    /// <summary>Lets a TCP port be listened on; 0 means any free one.</summary>
    public void AllowListening(int port)
    {
        if (version < 4) return;
        var rule = stackalloc ulong[2] { BindTcp, (ulong)port };
        Checked((int)Syscall(AddRule, (nuint)ruleset, NetPort, (nuint)rule, 0), $"allow port {port}");
    }

    /// <summary>Takes from the calling thread whatever is not on the list.</summary>
    public void Restrict() => Checked((int)Syscall(RestrictSelf, (nuint)ruleset, 0, 0, 0), "restrict itself");

    /// <inheritdoc/>
    public void Dispose() => _ = Close(ruleset);

    private static int Checked(int result, string what) =>
        result >= 0 ? result : throw new ConfinementException($"Landlock did not {what}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct PathRule
    {
        public ulong Rights;
        public int Descriptor;
    }
}

/// <summary>The kernel refused a restriction. The message is one sentence without its full stop.</summary>
internal sealed class ConfinementException(string message) : Exception(message);
