using Microsoft.Win32.SafeHandles;
using Streaming.LocalClickHouse.Blocks;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>The directory of <see cref="SpoolFile"/>s, and how much they may hold together. Thread-safe.</summary>
internal sealed class Spool(string directory, long limit)
{
    private long used;

    public string Directory => directory;

    /// <exception cref="IOException">The directory cannot be written.</exception>
    public SpoolFile NewFile() => new(this);

    /// <exception cref="QueryException">All files together would be larger than allowed.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref used, bytes) > limit)
        {
            Give(bytes);
            throw new QueryException(ErrorCode.NotEnoughSpace, $"Bodies and results kept on disk would be larger than {limit} bytes " +
                "together (--max-spool-bytes). Try again later, or ask for less.");
        }
    }

    public void Give(long bytes) => Interlocked.Add(ref used, -bytes);
}

/// <summary>
/// A file without a name in the data directory: the body of an insert until it is whole, or a result that is to be complete before it is
/// sent. It is deleted when closed or when the process ends. A small file stays in the page cache.
/// </summary>
internal sealed class SpoolFile : WriteOnlyStream
{
    private readonly Spool spool;
    private readonly SafeFileHandle handle;
    private long length;

    public SpoolFile(Spool spool)
    {
        this.spool = spool;
        var path = System.IO.Path.Combine(spool.Directory, Guid.NewGuid().ToString("N"));
        handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
    }

    /// <summary>The path by which the engine opens it.</summary>
    public string Path => EngineFiles.PathOf(handle);

    /// <summary>Bytes in it.</summary>
    public override long Length => length;

    /// <summary>Appends.</summary>
    /// <exception cref="QueryException">All files of the spool together would be larger than allowed.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        spool.Take(bytes.Length);
        RandomAccess.Write(handle, bytes, length);
        length += bytes.Length;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Append(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends all of it.</summary>
    public async Task SendToAsync(Stream target, CancellationToken cancel)
    {
        var buffer = new byte[256 << 10];
        long at = 0;
        for (int read; (read = RandomAccess.Read(handle, buffer, at)) > 0; at += read)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !handle.IsClosed)
        {
            handle.Dispose();
            spool.Give(length);
        }
        base.Dispose(disposing);
    }
}
