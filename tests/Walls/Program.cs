using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Streaming.App.ClickHouse;
using Streaming.App.ClickHouse.Confinement;

// walls open|confined DATA: one request per line of standard input, one line of answer. A request is a statement for the engine, or !NAME
// ARGUMENT for something the process does by itself. The answer begins with "ok" or "refused".
var (confined, data) = (args[0] == "confined", args[1]);
if (confined && !ConfinedStart.Done)
{
    ConfinedStart.Run(
        list =>
        {
            list.Allow(data, PathRights.Keep);
            RuntimeFiles.Allow(list, Engine.Library());
        },
        [], null);
}

if (confined) SeccompFilter.Install();
Console.WriteLine(confined ? $"missing {string.Join("; ", ConfinedStart.Missing())}" : "open");
var engine = new Engine(new ClickHouseOptions { DataDirectory = data });
var connection = await engine.ConnectAsync("walls");
while (Console.ReadLine() is { } line) Console.WriteLine(line.StartsWith('!') ? Probe(line[1..].Split(' ', 2)) : await AskAsync(line));
Native.Exit(0);

async Task<string> AskAsync(string sql)
{
    var result = await connection.RunAsync(sql);
    return result.Error is { } error ? $"refused {error.ReplaceLineEndings(" ")}" : $"ok {Convert.ToHexString(result.Body)}";
}

static string Probe(string[] probe)
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
            _ => throw new ArgumentException($"What is {string.Join(' ', probe)}?"),
        };
    }
    catch (Exception e) when (e is not ArgumentException)
    {
        return $"refused {e.GetType().Name} {e.Message.ReplaceLineEndings(" ")}";
    }
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

    /// <summary>Asks for one byte of another process; that the address is nobody's is another error than that it may not be
    /// asked.</summary>
    public static string ReadOther(int process)
    {
        byte here = 0;
        var (local, remote) = (new Vector { Base = &here, Length = 1 }, new Vector { Base = (byte*)0x1000, Length = 1 });
        const int BadAddress = 14;
        return ReadMemory(process, &local, 1, &remote, 1, 0) >= 0 || Marshal.GetLastPInvokeError() == BadAddress
            ? "asked"
            : throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    public static partial int Trace(int request, int process, nint address, nint data);

    /// <summary>A child that came about ends at once.</summary>
    public static int Fork()
    {
        var child = ForkHere();
        if (child == 0) Exit(0);
        return child;
    }

    [LibraryImport("libc", EntryPoint = "fork", SetLastError = true)]
    private static partial int ForkHere();

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    private static partial nint ReadMemory(int process, Vector* local, nuint locals, Vector* remote, nuint remotes, nuint flags);

    private struct Vector
    {
        public byte* Base;
        public nuint Length;
    }
}
