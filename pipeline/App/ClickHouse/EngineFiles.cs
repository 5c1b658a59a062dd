using System.Runtime.InteropServices;

namespace Streaming.App.ClickHouse;

/// <summary>Names by which the engine opens files and pipes of this process.</summary>
internal static class EngineFiles
{
    private const string Prefix = "/proc/self/fd/";

    /// <summary>The path of an open file. It works for files without a name and for pipes.</summary>
    public static string PathOf(SafeHandle handle) => Prefix + handle.DangerousGetHandle();

    /// <summary>Takes such paths out of the engine's message: they mean nothing to a client.</summary>
    public static string Hide(string message)
    {
        const string mark = " (in file/uri " + Prefix;
        for (var at = message.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = message.IndexOf(mark, StringComparison.Ordinal))
        {
            var end = message.IndexOf(')', at);
            if (end < 0)
            {
                break;
            }
            message = message.Remove(at, end + 1 - at);
        }
        return message;
    }
}
