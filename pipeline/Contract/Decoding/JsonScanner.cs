using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;
using Streaming.Contract.Records;
using Streaming.Members;

namespace Streaming.Contract.Decoding;

/// <summary>An object or array being read: hand it back to ask for its next key or element.</summary>
internal struct JsonScope
{
    internal long Serial;
    internal bool Started;
}

/// <summary>Strict JSON (RFC 8259) over bytes already known to be UTF-8, one value
/// after another, without an exception for bad input.</summary>
/// <remarks>
/// Utf8JsonReader throws on malformed input, which takes tens of microseconds each time, and accepts a key twice. A partition full of
/// malformed records must cost no more than one full of events. Here the first fault goes into <see cref="Error"/> and every later call
/// answers
/// false. Texts lie in the message, or in a scratch buffer where escapes had to be undone. Not thread-safe; allocates nothing once warm.
/// </remarks>
internal sealed class JsonScanner
{
    /// <summary>The deepest nesting of objects and arrays.</summary>
    public const int MaxDepth = 16;

    private static readonly SearchValues<byte> EndsPlainText =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private readonly KeySet keys = new();
    private readonly byte[][] buffers = new byte[2][];
    private readonly byte[] scratch;
    private byte[] bytes = [];
    private int pos, end, depth, used;
    private bool takesRepeatedKeys;

    /// <summary>A scanner with its own scratch buffer.</summary>
    /// <param name="scratchBytes">Room for the unescaped texts of one message: as many bytes as will be scanned of it.</param>
    public JsonScanner(int scratchBytes) => buffers[1] = scratch = new byte[scratchBytes];

    /// <summary>The first fault, or none.</summary>
    public RejectReason Error { get; private set; }

    /// <summary>The key a fault is about; empty when it is about none.</summary>
    public Text ErrorKey { get; private set; }

    /// <summary>The scanner's position in its buffer.</summary>
    public int Position => pos;

    /// <summary>Begins a new message: forgets scratch texts and keys.</summary>
    /// <param name="repeatedKeys">True to accept duplicate keys and any number of keys.</param>
    public void Begin(bool repeatedKeys = false)
    {
        takesRepeatedKeys = repeatedKeys;
        used = 0;
        keys.Start();
    }

    /// <summary>Places the scanner before the first of <paramref name="length"/> bytes of the current message.</summary>
    public void Scan(byte[] buffer, int start, int length)
    {
        buffers[0] = bytes = buffer;
        pos = start;
        end = start + length;
        depth = 0;
        Error = RejectReason.None;
        ErrorKey = default;
    }

    /// <summary>A copy of bytes from outside the message, kept until the next <see cref="Begin"/>; the caller bounds them.</summary>
    public Text Keep(ReadOnlySpan<byte> outside)
    {
        outside.CopyTo(scratch.AsSpan(used));
        used += outside.Length;
        return new Text(scratch, used - outside.Length, outside.Length);
    }

    /// <summary>Decodes a base64 text and places the scanner before its first byte, which becomes part of
    /// the message; a byte order mark there is passed over.</summary>
    /// <returns>False when it is not base64; true also when its bytes are not UTF-8, which is an <see cref="Error"/>.</returns>
    public bool ScanBase64(Text text)
    {
        var status = Base64.DecodeFromUtf8(text.Span, scratch.AsSpan(used), out _, out var length);
        if (status != OperationStatus.Done) return false;
        var start = used;
        used += length;
        var mark = ByteOrderMark.Of(scratch.AsSpan(start, length));
        Scan(scratch, start + mark, length - mark);
        if (!Utf8.IsValid(scratch.AsSpan(start, length))) Fail(RejectReason.NotUtf8);
        return true;
    }

    /// <summary>The type of the value that comes next; read it with the method of that name.</summary>
    public JsonType Peek()
    {
        if (Error != RejectReason.None) return JsonType.Invalid;
        SkipSpace();
        var type = pos >= end ? JsonType.Invalid : bytes[pos] switch
        {
            (byte)'"' => JsonType.String,
            (byte)'{' => JsonType.Object,
            (byte)'[' => JsonType.Array,
            (byte)'t' => JsonType.True,
            (byte)'f' => JsonType.False,
            (byte)'n' => JsonType.Null,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonType.Number,
            _ => JsonType.Invalid,
        };
        if (type == JsonType.Invalid) Fail(RejectReason.NotJson);
        return type;
    }

    /// <summary>Goes into the object or array that comes next.</summary>
    public bool Enter(out JsonScope scope)
    {
        scope = new JsonScope { Serial = keys.Open() };
        pos++;
        return ++depth <= MaxDepth || Fail(RejectReason.TooDeep);
    }

    /// <summary>Reads the next key of an object and stands before its value; false after
    /// the last (and leaves the object) or on a fault.</summary>
    public bool NextKey(ref JsonScope scope, out Text key, out ulong hash)
    {
        key = default;
        hash = 0;
        if (!Next(ref scope, (byte)'}')) return false;
        if (pos >= end || bytes[pos] != '"') return Fail(RejectReason.NotJson);
        if (!Unquote(out var buffer, out var start, out var length)) return false;
        key = new Text(buffers[buffer], start, length);
        hash = StableHash.Of(key.Span);
        var added = takesRepeatedKeys ? RejectReason.None : keys.Add(scope.Serial, hash, buffers, buffer, start, length);
        if (added != RejectReason.None)
        {
            ErrorKey = key;
            return Fail(added);
        }

        SkipSpace();
        if (pos >= end || bytes[pos] != ':') return Fail(RejectReason.NotJson);
        pos++;
        return true;
    }

    /// <summary>Moves to the next element of an array; false after the last (and leaves the array) or on a fault.</summary>
    public bool NextElement(ref JsonScope scope) => Next(ref scope, (byte)']');

    /// <summary>Reads a text.</summary>
    public bool String(out Text text)
    {
        var read = Unquote(out var buffer, out var start, out var length);
        text = read ? new Text(buffers[buffer], start, length) : default;
        return read;
    }

    /// <summary>Reads a number, as written.</summary>
    public bool Number(out Text text)
    {
        var start = pos;
        text = default;
        if (bytes[pos] == '-') pos++;
        if (pos < end && bytes[pos] == '0') pos++;
        else if (!Digits()) return Fail(RejectReason.NotJson);
        if (pos < end && bytes[pos] == '.')
        {
            pos++;
            if (!Digits()) return Fail(RejectReason.NotJson);
        }

        if (pos < end && (bytes[pos] | 0x20) == 'e')
        {
            pos++;
            if (pos < end && bytes[pos] is (byte)'+' or (byte)'-') pos++;
            if (!Digits()) return Fail(RejectReason.NotJson);
        }

        text = new Text(bytes, start, pos - start);
        return true;
    }

    /// <summary>Reads true, false or null.</summary>
    public bool Literal(JsonType type)
    {
        var word = type switch { JsonType.True => "true"u8, JsonType.False => "false"u8, _ => "null"u8 };
        if (!bytes.AsSpan(pos, end - pos).StartsWith(word)) return Fail(RejectReason.NotJson);
        pos += word.Length;
        return true;
    }

    /// <summary>Reads a value of any type and checks all of it.</summary>
    public bool Skip()
    {
        switch (Peek())
        {
            case JsonType.Object:
                if (!Enter(out var members)) return false;
                while (NextKey(ref members, out _, out _)) Skip();
                return Error == RejectReason.None;
            case JsonType.Array:
                if (!Enter(out var elements)) return false;
                while (NextElement(ref elements)) Skip();
                return Error == RejectReason.None;
            case JsonType.String: return Unquote(out _, out _, out _);
            case JsonType.Number: return Number(out _);
            case JsonType.Invalid: return false;
            case var literal: return Literal(literal);
        }
    }

    /// <summary>True when nothing but white space is left.</summary>
    public bool Finish()
    {
        if (Error != RejectReason.None) return false;
        SkipSpace();
        return pos == end || Fail(RejectReason.NotJson);
    }

    private bool Next(ref JsonScope scope, byte close)
    {
        if (Error != RejectReason.None) return false;
        SkipSpace();
        if (pos >= end) return Fail(RejectReason.NotJson);
        if (bytes[pos] == close)
        {
            pos++;
            depth--;
            return false;
        }

        if (scope.Started)
        {
            if (bytes[pos] != ',') return Fail(RejectReason.NotJson);
            pos++;
            SkipSpace();
        }

        scope.Started = true;
        return true;
    }

    private bool Unquote(out int buffer, out int start, out int length)
    {
        var from = pos + 1;
        var i = bytes.AsSpan(from, end - from).IndexOfAny(EndsPlainText);
        if (i >= 0 && bytes[from + i] == '"')
        {
            (buffer, start, length, pos) = (0, from, i, from + i + 1);
            return true;
        }

        (buffer, start, length) = (1, used, 0);
        if (!Unescape(from)) return false;
        length = used - start;
        return true;
    }

    private bool Unescape(int from)
    {
        while (true)
        {
            var rest = bytes.AsSpan(from, end - from);
            var i = rest.IndexOfAny(EndsPlainText);
            if (i < 0 || rest[i] < ' ') return Fail(RejectReason.NotJson);
            rest[..i].CopyTo(scratch.AsSpan(used));
            used += i;
            from += i + 1;
            if (rest[i] == '"')
            {
                pos = from;
                return true;
            }

            if (from >= end) return Fail(RejectReason.NotJson);
            var escape = bytes[from++];
            if (escape == 'u')
            {
                var wrong = JsonEscapes.Unicode(bytes.AsSpan(from, end - from), out var rune, out var taken);
                if (wrong != RejectReason.None) return Fail(wrong);
                used += rune.EncodeToUtf8(scratch.AsSpan(used));
                from += taken;
                continue;
            }

            var plain = JsonEscapes.Plain(escape);
            if (plain == 0) return Fail(RejectReason.NotJson);
            scratch[used++] = plain;
        }
    }

    private bool Digits()
    {
        var start = pos;
        while (pos < end && (uint)(bytes[pos] - '0') <= 9) pos++;
        return pos > start;
    }

    private void SkipSpace()
    {
        while (pos < end && bytes[pos] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') pos++;
    }

    private bool Fail(RejectReason reason)
    {
        if (Error == RejectReason.None) Error = reason;
        return false;
    }
}
