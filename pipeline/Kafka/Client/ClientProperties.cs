using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Kafka.Client;

/// <summary>Asks librdkafka about its own configuration properties, before any client is made of them.</summary>
internal static unsafe class ClientProperties
{
    private const int Unknown = -2, Invalid = -1;
    private const int ErrorTextSize = 512;

    /// <summary>Checks a property with librdkafka: a sentence that begins with the property's name, or null if it is valid. The value is
    /// left out, because it may be a secret.</summary>
    /// <exception cref="KafkaNativeMissingException">librdkafka is not on this machine.</exception>
    public static string? Fault(string name, string value)
    {
        var error = stackalloc byte[ErrorTextSize];
        var configuration = ((delegate* unmanaged[Cdecl]<nint>)Find("rd_kafka_conf_new"))();
        try
        {
            fixed (byte* nameText = Encoding.UTF8.GetBytes(name + '\0'), valueText = Encoding.UTF8.GetBytes(value + '\0'))
            {
                return ((delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nuint, int>)Find("rd_kafka_conf_set"))(configuration,
                    nameText, valueText, error, ErrorTextSize) switch
                {
                    Unknown => $"{name} is not a property of librdkafka.",
                    Invalid => $"{name} has a value that librdkafka does not accept: {Marshal.PtrToStringUTF8((nint)error)!.Replace($"\"{value}\"", "(the value)", StringComparison.Ordinal).Trim().TrimEnd('.')}.",
                    _ => null,
                };
            }
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<nint, void>)Find("rd_kafka_conf_destroy"))(configuration);
        }
    }

    private static void* Find(string function) => (void*)NativeLibrary.GetExport(KafkaNative.Load(), function);
}
