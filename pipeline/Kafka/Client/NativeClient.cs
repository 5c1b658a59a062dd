using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Streaming.Kafka.Client;

/// <summary>Gives access to librdkafka's functions and to the handle of a Confluent.Kafka client, which the binding does not
/// expose.</summary>
internal static unsafe class NativeClient
{
    /// <summary>A function of the one library that <see cref="KafkaNative"/> loaded.</summary>
    public static void* Function(string name) => (void*)NativeLibrary.GetExport(KafkaNative.Load(), name);

    /// <summary>The client's handle, held until the caller gives it back by <see cref="SafeHandle.DangerousRelease"/>: a client disposed of
    /// before that is closed then.</summary>
    public static SafeHandle Hold(IClient client)
    {
        var handle = (SafeHandle)LibrdkafkaHandle(client.Handle);
        var held = false;
        handle.DangerousAddRef(ref held);
        return handle;
    }

    /// <summary>The broker that is the controller, as the brokers say; -1 when none says so <paramref name="within"/> the time.</summary>
    public static int Controller(IClient client, TimeSpan within)
    {
        var handle = Hold(client);
        try
        {
            var controller = (delegate* unmanaged[Cdecl]<nint, int, int>)Function("rd_kafka_controllerid");
            return controller(handle.DangerousGetHandle(), (int)within.TotalMilliseconds);
        }
        finally
        {
            handle.DangerousRelease();
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    private static extern object LibrdkafkaHandle(Handle handle);
}
