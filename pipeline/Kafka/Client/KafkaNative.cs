using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Streaming.Kafka.Client;

/// <summary>
/// Finds librdkafka, the native library under Confluent.Kafka, and hands it to the binding. Call <see cref="Load"/> before the
/// first use of any Confluent.Kafka type. Safe from any thread and any number of times.
/// </summary>
/// <remarks>
/// Looked for, in this order: the file named by the environment variable <c>STREAMING_LIBRDKAFKA</c>, for your own build; the builds
/// that the package librdkafka.redist puts beside the program, of which the first that this system can load is taken; the system's own
/// library, if it is at least <see cref="MinimumVersion"/> (older ones lack functions that the binding calls).
/// </remarks>
public static class KafkaNative
{
    /// <summary>The oldest librdkafka that this version of the binding works with.</summary>
    public static readonly Version MinimumVersion = new(2, 16, 0);

    // The first needs libsasl2.so.3 and supports Kerberos. Debian and Ubuntu name that library differently and load the second. Systems
    // with musl load the third.
    private static readonly string[] Packaged = ["librdkafka.so", "centos8-librdkafka.so", "alpine-librdkafka.so"];
    private static readonly Lock Gate = new();
    private static nint handle;

    /// <summary>The native library's version; loads it when that has not happened yet.</summary>
    /// <exception cref="KafkaNativeMissingException">As for <see cref="Load"/>.</exception>
    public static Version Version => VersionOf(Load());

    /// <summary>Loads librdkafka once and returns its handle, for functions that the binding does not wrap.</summary>
    /// <exception cref="KafkaNativeMissingException">No usable library was found; the message says what to do.</exception>
    public static nint Load()
    {
        lock (Gate)
        {
            if (handle != 0)
            {
                return handle;
            }

            var found = Find();
            // The binding asks for "librdkafka" (on some distributions under a name of their own that ends so), and for "libdl" to read
            // dlopen's errors: glibc 2.34 and later have only libdl.so.2 unless development packages are installed; musl has these
            // functions in its libc.
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (name, assembly, paths) => name switch
            {
                "libdl" => Libdl(assembly, paths),
                _ => name.EndsWith("librdkafka", StringComparison.Ordinal) ? found : 0,
            });
            Library.Load(null);
            return handle = found;
        }
    }

    private static nint Find()
    {
        if (Environment.GetEnvironmentVariable("STREAMING_LIBRDKAFKA") is { Length: > 0 } given)
        {
            return Open(given) is var chosen and not 0
                ? chosen
                : throw new KafkaNativeMissingException(
                    $"STREAMING_LIBRDKAFKA names {given}, which is not a loadable librdkafka of version {MinimumVersion} or later; " +
                        "correct it, or unset it to use the one beside the program.");
        }

        foreach (var path in Packaged.Select(name => Path.Combine(AppContext.BaseDirectory, name)).Append("librdkafka.so.1"))
        {
            if (Open(path) is var library and not 0)
            {
                return library;
            }
        }

        throw new KafkaNativeMissingException(
            $"No build of the Kafka client's native library (librdkafka {MinimumVersion} or later) loads on this system; name one in " +
                $"STREAMING_LIBRDKAFKA (tried {string.Join(", ", Packaged)} in {AppContext.BaseDirectory} and the system's " +
                "librdkafka.so.1).");
    }

    private static nint Open(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var library))
        {
            return 0;
        }

        if (VersionOf(library) >= MinimumVersion)
        {
            return library;
        }

        NativeLibrary.Free(library);
        return 0;
    }

    private static unsafe Version VersionOf(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "rd_kafka_version", out var function))
        {
            return new Version(0, 0, 0);
        }

        // 0xMMmmrrxx: major, minor, revision, pre-release id.
        var number = ((delegate* unmanaged[Cdecl]<int>)function)();
        return new Version((number >> 24) & 0xFF, (number >> 16) & 0xFF, (number >> 8) & 0xFF);
    }

    private static nint Libdl(Assembly assembly, DllImportSearchPath? paths)
    {
        foreach (var name in (string[])["libdl.so.2", "libc.so.6", "libc"])
        {
            if (NativeLibrary.TryLoad(name, assembly, paths, out var library))
            {
                return library;
            }
        }

        return 0;
    }
}
