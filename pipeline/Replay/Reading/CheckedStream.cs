namespace Streaming.Replay.Reading;

/// <summary>What comes out of an entry of a zip archive, held against the checksum that the archive has of it. Reading only; closes what it
/// reads from.</summary>
/// <remarks>Only who reads to the end knows: until then nothing is said.</remarks>
internal sealed class CheckedStream(Stream inner, string name, uint expected) : Stream
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Step((uint)i, 8))];
    private uint sum = uint.MaxValue;

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
        foreach (var next in buffer[..read]) sum = Table[(byte)(sum ^ next)] ^ (sum >> 8);
        if (read == 0 && buffer.Length > 0 && ~sum != expected)
            throw new ReplayFileException($"{name} is damaged: its checksum is not the one that the archive has of it.");
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

    // CRC-32 as zip has it: IEEE 802.3, the polynomial's bits in reverse.
    private static uint Step(uint value, int bits) =>
        bits == 0 ? value : Step((value & 1) == 0 ? value >> 1 : 0xEDB8_8320 ^ (value >> 1), bits - 1);
}
