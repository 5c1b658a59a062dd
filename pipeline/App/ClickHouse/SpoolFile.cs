using Microsoft.Win32.SafeHandles;

namespace Streaming.App.ClickHouse;

/// <summary>
/// A file without a name in the data directory: the body of an insert until it is whole, or a result that is to be complete before it is sent.
/// It goes away when closed, or with the process. Small ones never reach the disk: the page cache has them.
/// </summary>
internal sealed class SpoolFile : IDisposable
{
    private readonly SafeFileHandle handle;

    public SpoolFile(string directory)
    {
        var path = System.IO.Path.Combine(directory, Guid.NewGuid().ToString("N"));
        handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
    }

    /// <summary>The path by which the engine opens it.</summary>
    public string Path => EngineFiles.PathOf(handle);

    /// <summary>Bytes in it.</summary>
    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Appends.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, Length);

    /// <summary>Reads all of it.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken cancel)
    {
        var buffer = new byte[256 << 10];
        long at = 0;
        for (int read; (read = RandomAccess.Read(handle, buffer, at)) > 0; at += read)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
