using System.IO.Hashing;

namespace Streaming.Replay.Reading;

/// <summary>What comes out of an entry of a zip archive, held against the checksum that the
/// archive has of it. Reading only; closes what it reads from.</summary>
/// <remarks>The checksum is compared at the end of the entry, so only a full read finds damage.</remarks>
internal sealed class CheckedStream(Stream inner, string name, uint expected) : Stream
{
    private readonly Crc32 sum = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads an entry to its end and says when it is damaged.</summary>
    /// <exception cref="ReplayFileException">Its checksum is another.</exception>
    public static void Check(Stream entry, string name, uint expected)
    {
        using var stream = new CheckedStream(entry, name, expected);
        stream.CopyTo(Null);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        sum.Append(buffer[..read]);
        if (read == 0 && buffer.Length > 0 && sum.GetCurrentHashAsUInt32() != expected)
            throw new ReplayFileException($"{name} is damaged: its checksum differs from the one in the archive.");
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
