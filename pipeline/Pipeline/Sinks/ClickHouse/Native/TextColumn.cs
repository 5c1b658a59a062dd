using System.Buffers;

namespace Streaming.Pipeline.Sinks.ClickHouse.Native;

/// <summary>Texts of any length, each behind its length.</summary>
internal sealed class TextColumn(string name) : NativeColumn(name, "String")
{
    private readonly TextBuffer texts = new();
    private int count;

    public override int Rows => count;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        texts.Add(utf8);
        count++;
    }

    public override void WriteTo(IBufferWriter<byte> to) => to.Write(texts.Written);

    public override void Clear()
    {
        texts.Clear();
        count = 0;
    }
}

/// <summary>Bytes shown as lower-case hex digits: <c>FixedString</c> of twice their number.</summary>
internal sealed class HexColumn(string name, int bytes) : NativeColumn(name, $"FixedString({bytes * 2})")
{
    private readonly TextBuffer digits = new();
    private int count;

    public override int Rows => count;

    public void Add(ReadOnlySpan<byte> value)
    {
        Convert.TryToHexStringLower(value, digits.Take(bytes * 2), out _);
        count++;
    }

    public override void WriteTo(IBufferWriter<byte> to) => to.Write(digits.Written);

    public override void Clear()
    {
        digits.Clear();
        count = 0;
    }
}
