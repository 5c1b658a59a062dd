using System.Runtime.InteropServices;
using System.Text;
using Streaming.Kafka.Client;

namespace Streaming.App.Broker;

/// <summary>
/// librdkafka's mock cluster, the functions used here. They are looked up in the one library that <see cref="KafkaNative"/> loaded:
/// a DllImport of its own could bring a second copy into the process.
/// </summary>
internal static unsafe class MockApi
{
    private const int Producer = 0;
    private const int ErrorTextSize = 512;

    /// <summary>Makes the client handle that a mock cluster hangs on; it connects nowhere.</summary>
    /// <param name="settings">librdkafka configuration properties.</param>
    /// <exception cref="InvalidOperationException">A property was refused or the handle could not be made.</exception>
    public static nint NewHandle(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var error = stackalloc byte[ErrorTextSize];
        var configuration = ((delegate* unmanaged[Cdecl]<nint>)Find("rd_kafka_conf_new"))();
        var set = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nuint, int>)Find("rd_kafka_conf_set");
        foreach (var (name, value) in settings)
        {
            fixed (byte* nameText = Text(name), valueText = Text(value))
            {
                if (set(configuration, nameText, valueText, error, ErrorTextSize) != 0)
                {
                    throw new InvalidOperationException($"librdkafka refused {name}: {Marshal.PtrToStringUTF8((nint)error)}");
                }
            }
        }

        var handle = ((delegate* unmanaged[Cdecl]<int, nint, byte*, nuint, nint>)Find("rd_kafka_new"))(Producer, configuration, error,
            ErrorTextSize);
        return handle != 0 ? handle : throw new InvalidOperationException($"librdkafka could not start: " +
            $"{Marshal.PtrToStringUTF8((nint)error)}");
    }

    public static nint NewCluster(nint handle, int brokers)
    {
        var cluster = ((delegate* unmanaged[Cdecl]<nint, int, nint>)Find("rd_kafka_mock_cluster_new"))(handle, brokers);
        return cluster != 0 ? cluster : throw new InvalidOperationException("librdkafka could not start its mock cluster.");
    }

    public static string Bootstraps(nint cluster) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint, nint>)Find("rd_kafka_mock_cluster_bootstraps"))(cluster))!;

    public static void SetAddress(nint cluster, int broker, string host, int port)
    {
        fixed (byte* text = Text(host))
        {
            ((delegate* unmanaged[Cdecl]<nint, int, byte*, int, void>)Find("rd_kafka_mock_broker_set_host_port"))(cluster, broker, text,
                port);
        }
    }

    public static void SetRebalanceDelay(nint cluster, int milliseconds) =>
        ((delegate* unmanaged[Cdecl]<nint, int, void>)Find("rd_kafka_mock_group_initial_rebalance_delay_ms"))(cluster, milliseconds);

    /// <exception cref="InvalidOperationException">The topic could not be made.</exception>
    public static void CreateTopic(nint cluster, string topic, int partitions)
    {
        fixed (byte* text = Text(topic))
        {
            var error = ((delegate* unmanaged[Cdecl]<nint, byte*, int, int, int>)Find("rd_kafka_mock_topic_create"))(cluster, text,
                partitions, 1);
            if (error != 0)
            {
                throw new InvalidOperationException($"The mock broker did not make topic {topic}: librdkafka error {error}.");
            }
        }
    }

    public static void Destroy(nint cluster, nint handle)
    {
        ((delegate* unmanaged[Cdecl]<nint, void>)Find("rd_kafka_mock_cluster_destroy"))(cluster);
        ((delegate* unmanaged[Cdecl]<nint, void>)Find("rd_kafka_destroy"))(handle);
    }

    private static void* Find(string function) => (void*)NativeLibrary.GetExport(KafkaNative.Load(), function);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
