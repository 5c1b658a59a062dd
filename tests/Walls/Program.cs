using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Confinement;
using Streaming.LocalClickHouse.Embedding;

// walls open|confined DATA: one request per line of standard input, one line of answer. A request is a statement for the engine, or !NAME
// ARGUMENT for something the process does by itself. The answer begins with "ok" or "refused".
var (confined, data) = (args[0] == "confined", args[1]);
if (confined && !ConfinedStart.Done)
{
    ConfinedStart.Run(
        list =>
        {
            list.Allow(data, PathRights.Keep);
            list.AllowListening(0);
            RuntimeFiles.Allow(list, Engine.Library());
        },
        [], null);
}

using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
listening.Listen();
if (confined) SeccompFilter.Install();
Console.WriteLine(confined ? $"missing {string.Join("; ", ConfinedStart.Missing())}" : "open");
var engine = new Engine(new ClickHouseOptions { DataDirectory = data });
var connection = await engine.ConnectAsync("walls");
while (Console.ReadLine() is { } line) Console.WriteLine(line.StartsWith('!') ? Probe(line[1..].Split(' ', 2), listening)
    : await AskAsync(line));
Native.Exit(0);

async Task<string> AskAsync(string sql)
{
    var result = await connection.RunAsync(sql);
    return result.Error is { } error ? $"refused {error.ReplaceLineEndings(" ")}" : $"ok {Convert.ToHexString(result.Body)}";
}

static string Probe(string[] probe, Socket listening)
{
    try
    {
        return "ok " + probe switch
        {
            ["run", var program] => Process.Start(program)?.Id.ToString(CultureInfo.InvariantCulture),
            ["read", var path] => File.ReadAllText(path).Length.ToString(CultureInfo.InvariantCulture),
            ["write", var path] => Write(path),
            ["list", var path] => Directory.GetFileSystemEntries(path).Length.ToString(CultureInfo.InvariantCulture),
            ["link", var path] => Link(path),
            ["connect", var port] => Connect(int.Parse(port, CultureInfo.InvariantCulture)),
            ["udp", var port] => Send(int.Parse(port, CultureInfo.InvariantCulture)),
            ["unix", var path] => ConnectUnix(path),
            ["listen", _] => Listen(),
            ["signal", var process] => Native.Checked(Native.Kill(int.Parse(process, CultureInfo.InvariantCulture), 0)),
            ["trace", var process] => Native.Checked(Native.Trace(16, int.Parse(process, CultureInfo.InvariantCulture), 0, 0)),
            ["memory", var process] => Native.ReadOther(int.Parse(process, CultureInfo.InvariantCulture)),
            ["fork", _] => Native.Checked(Native.Fork()),
            ["fastopen", var port] => Native.ConnectWithData(listening, int.Parse(port, CultureInfo.InvariantCulture)),
            ["mode", var path] => Native.Checked(Native.ChangeMode(path, 0x1A4)),
            ["watch", _] => Native.Checked(Native.Watch(0)),
            ["own", var process] => Native.Checked(Native.Control((int)listening.Handle, 8,
                int.Parse(process, CultureInfo.InvariantCulture))),
            ["nice", var process] => Native.KeepPriority(0, int.Parse(process, CultureInfo.InvariantCulture)),
            ["nice-group", _] => Native.KeepPriority(1, 0),
            ["pin", var process] => Native.Pin(int.Parse(process, CultureInfo.InvariantCulture)),
            ["type", _] => Native.TypeInto((int)listening.Handle),
            ["socket", var family] => Native.Checked(Native.Socket(int.Parse(family, CultureInfo.InvariantCulture))),
            ["socketpair", _] => Native.Pair(),
            ["rename", var paths] => Native.Checked(Native.Rename(paths.Split(' ')[0], paths.Split(' ')[1])),
            ["hard-link", var paths] => Native.Checked(Native.HardLink(paths.Split(' ')[0], paths.Split(' ')[1])),
            ["pipe", var path] => Native.Checked(Native.MakePipe(path, 0x180)),
            ["ring", _] => Native.MakeRing(),
            ["run-memory", _] => Native.RunFromMemory(),
            ["inherited", var file] => ReadOpen(int.Parse(file, CultureInfo.InvariantCulture)),
            _ => throw new ArgumentException($"What is {string.Join(' ', probe)}?"),
        };
    }
    catch (Exception e) when (e is not ArgumentException)
    {
        return $"refused {e.GetType().Name} {e.Message.ReplaceLineEndings(" ")}";
    }
}

static string ReadOpen(int file)
{
    using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(file, ownsHandle: false);
    using var reader = new StreamReader(new FileStream(handle, FileAccess.Read));
    return reader.ReadToEnd().Trim();
}

static string Write(string path)
{
    File.WriteAllText(path, "written");
    return path;
}

static string Link(string path)
{
    var link = path + ".link";
    File.CreateSymbolicLink(link, "/etc/passwd");
    return File.ReadAllText(link).Length.ToString(CultureInfo.InvariantCulture);
}

static string Connect(int port)
{
    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    socket.Connect(IPAddress.Loopback, port);
    return "connected";
}

static string Send(int port)
{
    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    return socket.SendTo([1], new IPEndPoint(IPAddress.Loopback, port)).ToString(CultureInfo.InvariantCulture);
}

static string ConnectUnix(string path)
{
    using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    socket.Connect(new UnixDomainSocketEndPoint(path));
    return "connected";
}

static string Listen()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return "listening";
}

internal static unsafe partial class Native
{
    public static string Checked(int result) =>
        result >= 0
            ? result.ToString(CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());

    /// <summary>Asks for one byte of another process; EFAULT means the call was allowed; EPERM means it was refused.</summary>
    public static string ReadOther(int process)
    {
        byte here = 0;
        var (local, remote) = (new Vector { Base = &here, Length = 1 }, new Vector { Base = (byte*)0x1000, Length = 1 });
        const int BadAddress = 14;
        return ReadMemory(process, &local, 1, &remote, 1, 0) >= 0 || Marshal.GetLastPInvokeError() == BadAddress
            ? "asked"
            : throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
    }

    /// <summary>The listening socket is shut down, which makes it one that is not connected, and sends a byte to an address.</summary>
    public static string ConnectWithData(Socket listening, int port)
    {
        const int Both = 2, FastOpen = 0x2000_0000;
        var address = stackalloc byte[16];
        new Span<byte>(address, 16).Clear();
        (address[0], address[2], address[3], address[4], address[7]) = (2, (byte)(port >> 8), (byte)port, 127, 1);
        byte one = 1;
        _ = ShutDown((int)listening.Handle, Both);
        return Checked((int)SendTo((int)listening.Handle, &one, 1, FastOpen, address, 16));
    }

    /// <summary>Tries to push a letter into a terminal (TIOCSTI). ENOTTY means the call was allowed; EPERM means the filter refused
    /// it.</summary>
    public static string TypeInto(int file)
    {
        const nuint Type = 0x5412;
        const int NoTerminal = 25;
        byte letter = (byte)'x';
        return DeviceControl(file, Type, &letter) >= 0 || Marshal.GetLastPInvokeError() == NoTerminal ? "asked"
            : throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
    }

    /// <summary>A socket for streams of a family: AF_UNIX 1, AF_NETLINK 16 (for datagrams), AF_VSOCK 40.</summary>
    public static int Socket(int family)
    {
        const int Netlink = 16, Stream = 1, Raw = 3;
        return NewSocket(family, family == Netlink ? Raw : Stream, 0);
    }

    public static string Pair()
    {
        var pair = stackalloc int[2];
        return Checked(NewPair(1, 1, 0, pair));
    }

    /// <summary>A ring of requests to the kernel (io_uring), by which calls are made that no filter sees.</summary>
    public static string MakeRing()
    {
        const nint Setup = 425; // the same on every architecture
        var parameters = stackalloc byte[120];
        new Span<byte>(parameters, 120).Clear();
        return Checked((int)Syscall(Setup, 1, (nint)parameters, 0, 0, 0));
    }

    /// <summary>Tries to run a file in memory. ENOEXEC means the call was allowed; EPERM means it was refused.</summary>
    public static string RunFromMemory()
    {
        const int EmptyPath = 0x1000, NoProgram = 8;
        var file = MemoryFile("program", 0);
        Checked(file);
        byte one = 1;
        Checked((int)WriteBytes(file, &one, 1));
        byte nothing = 0;
        var none = stackalloc nint[1] { 0 };
        var call = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 281 : 322;
        return Syscall(call, file, (nint)(&nothing), (nint)none, (nint)none, EmptyPath) >= 0 || Marshal.GetLastPInvokeError() == NoProgram
            ? "tried"
            : throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int NewSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int NewPair(int family, int type, int protocol, int* pair);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteBytes(int file, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int HardLink(string file, string link);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int ShutDown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendTo(int socket, byte* data, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int DeviceControl(int file, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int Watch(int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int file, int command, nint argument);

    /// <summary>Sets another process's processors to those it has.</summary>
    public static string Pin(int process)
    {
        var set = stackalloc byte[128];
        _ = GetAffinity(process, 128, set);
        return Checked(SetAffinity(process, 128, set));
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int process, nuint size, byte* set);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int process, nuint size, byte* set);

    /// <summary>Sets the priority of another process to its present value, to see whether the call is allowed.</summary>
    public static string KeepPriority(int which, int who) => Checked(SetPriority(which, who, GetPriority(which, who)));

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int priority);

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    public static partial int Trace(int request, int process, nint address, nint data);

    /// <summary>A child that came about ends at once. Neither the runtime nor what
    /// libraries do at a fork may run in it: bare calls.</summary>
    public static int Fork()
    {
        const nint EndsWithSignal = 17;
        var exit = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 94 : 231;
        var call = (delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, nint, nint, nint, nint>)
            NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "syscall");
        var child = call(SystemCalls.Clone.Number, EndsWithSignal, 0, 0, 0, 0);
        if (child == 0) call(exit, 0, 0, 0, 0, 0);
        return (int)child;
    }

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    private static partial nint ReadMemory(int process, Vector* local, nuint locals, Vector* remote, nuint remotes, nuint flags);

    private struct Vector
    {
        public byte* Base;
        public nuint Length;
    }
}
