using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Streaming.App.Broker;

/// <summary>
/// Lets native code that binds a port of its own choice listen on a chosen one instead. The mock cluster always takes any free port
/// and offers no setting for it; a relay in front of it would copy every byte twice. So our own listening socket is put under
/// the file descriptor that it already polls: the descriptor then refers to our socket, and the native code keeps polling it.
/// </summary>
internal static partial class ListenSocket
{
    private const int Waiting = 512;
    private const int CloseOnExec = 0x80000;
    private const int AddressFamilyInet = 2;
    private const int SocketLevel = 1;
    private const int AcceptsConnections = 30;

    /// <summary>Listens on a loopback port in place of the socket that now listens on <paramref name="boundPort"/>.</summary>
    /// <param name="boundPort">The port that native code in this process listens on, on 127.0.0.1.</param>
    /// <param name="port">The port wanted.</param>
    /// <exception cref="SocketException">The wanted port is in use or not permitted.</exception>
    public static void Move(int boundPort, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(Waiting);
        if (Duplicate((int)socket.Handle, Find(boundPort), CloseOnExec) < 0)
        {
            throw new InvalidOperationException($"The listening socket could not be moved (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    private static int Find(int port)
    {
        Span<byte> address = stackalloc byte[16];
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            var descriptor = int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
            var size = address.Length;
            int listening = 0, flagSize = sizeof(int);
            if (GetSocketName(descriptor, address, ref size) == 0
                && MemoryMarshal.Read<ushort>(address) == AddressFamilyInet
                && BinaryPrimitives.ReadUInt16BigEndian(address[2..]) == port
                && GetSocketOption(descriptor, SocketLevel, AcceptsConnections, ref listening, ref flagSize) == 0
                && listening == 1)
            {
                return descriptor;
            }
        }

        throw new InvalidOperationException($"No socket of this process listens on port {port}.");
    }

    [LibraryImport("libc", EntryPoint = "dup3", SetLastError = true)]
    private static partial int Duplicate(int from, int to, int flags);

    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static partial int GetSocketName(int descriptor, Span<byte> address, ref int size);

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetSocketOption(int descriptor, int level, int option, ref int value, ref int size);
}
