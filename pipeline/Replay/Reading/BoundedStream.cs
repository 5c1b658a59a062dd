namespace Streaming.Replay.Reading;

/// <summary>The unpacked bytes of a compressed file, up to a limit. Reading only; closes what it reads from.</summary>
internal sealed class BoundedStream(Stream inner, UnpackLimit budget) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw budget.Damaged(e); // .NET's message names an unsupported method for any kind of damage
        }

        budget.Take(read);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>How many bytes one file may still unpack to, all its entries together.</summary>
internal sealed class UnpackLimit(string path, long mebibytes)
{
    private long left = mebibytes << 20;

    /// <summary>Takes bytes off.</summary>
    /// <exception cref="ReplayFileException">There are no more.</exception>
    public void Take(long bytes)
    {
        left -= bytes;
        if (left < 0)
            throw new ReplayFileException($"{path} is larger than {mebibytes} MiB once unpacked; if that is meant, raise unpackedMiB in " +
                "the mapping.");
    }

    /// <summary>The error for compressed data that cannot be unpacked.</summary>
    public ReplayFileException Damaged(Exception inner) => new($"{path} is damaged: its compressed data cannot be read beyond unpacked " +
        $"byte {(mebibytes << 20) - left}, or its checksum is wrong.", inner);
}
