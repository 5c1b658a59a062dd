using System.Buffers;
using System.Globalization;
using System.Text;

namespace Streaming.Replay.Reading;

/// <summary>The characters of a text, strictly decoded: the first byte that the encoding does
/// not have is an error with its place. Not thread-safe.</summary>
internal sealed class TextSource : TextReader
{
    /// <summary>Characters of one record.</summary>
    public const int MaxRecord = 8 * 1024 * 1024;

    private const int ChunkBytes = 1 << 15;
    private const int LongestMark = 8; // bytes needed for a byte-order mark or a file signature
    private static readonly SearchValues<char> Faults = SearchValues.Create([.. Enumerable.Range(0x80, 0x20).Select(c => (char)c), '\0']);
    private readonly string name;
    private readonly Stream stream;
    private readonly Encoding encoding;
    private readonly Decoder decoder;
    private readonly bool controlsAreFaults;
    private readonly byte[] bytes = new byte[ChunkBytes];
    private readonly byte[] before = new byte[4]; // the last bytes before the chunk: a character may begin there
    private readonly char[] chars;
    private long offset; // of the chunk in the text
    private long lineFeeds, carriageReturns;
    private int taken, filled;
    private long delivered, recordBegan;
    private bool first = true;

    /// <summary>A text; closes the stream when disposed.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="wanted">The mapping's encoding, or empty.</param>
    /// <exception cref="ReplayFileException">A byte-order mark contradicts the mapping.</exception>
    public TextSource(string name, Stream stream, string wanted)
    {
        this.name = name;
        this.stream = stream;
        var size = stream.ReadAtLeast(bytes, LongestMark, throwOnEndOfStream: false);
        FileSignature.RefuseWithin(name, bytes.AsSpan(0, size));
        encoding = Encodings.Of(name, bytes.AsSpan(0, size), wanted, out var mark);
        decoder = encoding.GetDecoder();
        chars = new char[encoding.GetMaxCharCount(ChunkBytes)];
        controlsAreFaults = encoding.WebName.StartsWith("windows-", StringComparison.Ordinal)
            || encoding.WebName.StartsWith("iso-8859-", StringComparison.Ordinal);
        offset = mark;
        Decode(bytes.AsSpan(mark, size - mark), last: false);
    }

    /// <summary>True when the end of the stream was met.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>A record was read to its end: the next may take <see cref="MaxRecord"/> characters again.</summary>
    public void RecordDone() => recordBegan = delivered;

    /// <summary>Passes over lines.</summary>
    /// <returns>False when there are not so many.</returns>
    public bool SkipLines(int lines)
    {
        while (lines > 0)
        {
            var c = Read();
            if (c < 0) return false;
            if (c == '\r' && Peek() == '\n') Read();
            if (c is '\n' or '\r') lines--;
        }

        RecordDone();
        return true;
    }

    /// <inheritdoc/>
    public override int Peek() => taken < filled || Fill() ? chars[taken] : -1;

    /// <inheritdoc/>
    public override int Read()
    {
        var c = Peek();
        if (c >= 0) taken++;
        return c;
    }

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        if (taken == filled && !Fill()) return 0;
        var count = Math.Min(buffer.Length, filled - taken);
        chars.AsSpan(taken, count).CopyTo(buffer);
        taken += count;
        delivered += count;
        if (delivered - recordBegan > MaxRecord)
            throw new ReplayFileException($"{name} has a row of more than {MaxRecord} characters: is a quote never closed, or are the " +
                "lines not what the mapping says?");
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        while (!AtEnd)
        {
            var read = stream.Read(bytes);
            Decode(bytes.AsSpan(0, read), last: read == 0);
            AtEnd = read == 0;
            if (filled > taken) return true;
        }

        return false;
    }

    private void Decode(ReadOnlySpan<byte> chunk, bool last)
    {
        taken = filled = 0;
        try
        {
            filled = decoder.GetChars(chunk, chars, flush: last);
        }
        catch (DecoderFallbackException e)
        {
            throw Wrong(chunk, BeginOf(chunk, e), e);
        }

        var text = chars.AsSpan(0, filled);
        var fault = controlsAreFaults ? text.IndexOfAny(Faults) : text.IndexOf('\0');
        if (fault >= 0) throw Wrong(chunk, Math.Min(fault * encoding.GetByteCount("\n"), chunk.Length - 1), null);
        if (first && filled > 0)
        {
            first = false;
            if (text[0] == '\uFEFF') taken = 1;
        }

        lineFeeds += text.Count('\n');
        carriageReturns += text.Count('\r');
        offset += chunk.Length;
        for (var i = 0; i < before.Length; i++) before[i] = ByteAt(chunk, chunk.Length - before.Length + i);
    }

    // Where the invalid character begins, relative to the chunk. The decoder's index may be off by one character, but it gives the bytes.
    private int BeginOf(ReadOnlySpan<byte> chunk, DecoderFallbackException e)
    {
        for (var at = Math.Min(e.Index, chunk.Length - 1); at >= -before.Length; at--)
        {
            if (e.BytesUnknown is { Length: > 0 } unknown && ByteAt(chunk, at) == unknown[0]) return at;
        }

        return Math.Clamp(e.Index, -before.Length, chunk.Length - 1);
    }

    private byte ByteAt(ReadOnlySpan<byte> chunk, int at) => at >= 0 ? chunk[at] : before[before.Length + at];

    private ReplayFileException Wrong(ReadOnlySpan<byte> chunk, int at, Exception? inner)
    {
        var good = chunk[..Math.Max(0, at)];
        var line = 1 + Math.Max(lineFeeds + good.Count((byte)'\n'), carriageReturns + good.Count((byte)'\r'));
        var place = string.Create(CultureInfo.InvariantCulture, $"the byte 0x{ByteAt(chunk, at):X2} at offset {offset + at}, in " +
            $"line {line}");
        return new ReplayFileException($"{name} is not {encoding.WebName}: {place}, is not valid in it. Set the right encoding in the " +
            "mapping, for example encoding: windows-1252, gb18030 or utf-16.", inner);
    }
}
