using System.Runtime.InteropServices;

namespace Streaming.Common.Files;

/// <summary>Makes names in a folder durable: a file can be synced and yet be in no folder.</summary>
public static partial class FolderSync
{
    /// <summary>Syncs a folder to disk.</summary>
    /// <exception cref="IOException">It cannot be opened or synced.</exception>
    public static void Run(string folder)
    {
        var opened = Open(folder, 0);
        if (opened < 0)
        {
            throw new IOException($"The folder {folder} cannot be opened to be synced (error {Marshal.GetLastPInvokeError()}).");
        }

        var failed = Sync(opened) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(opened);
        if (failed) throw new IOException($"The folder {folder} cannot be synced (error {error}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
