using System.Buffers;
using System.Text;
using Streaming.Pipeline.Effects;

namespace Streaming.Pipeline.Sinks.ClickHouse.Native;

/// <summary>Texts of any length, each behind its length.</summary>
internal sealed class TextColumn(string name) : NativeColumn(name, "String")
{
    private readonly ArrayBufferWriter<byte> texts = new();
    private int count;

    public override int Rows => count;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        texts.Bytes(utf8);
        count++;
    }

    public override void WriteTo(IBufferWriter<byte> to) => to.Write(texts.WrittenSpan);

    public override void Clear()
    {
        texts.ResetWrittenCount();
        count = 0;
    }
}

/// <summary>Bytes shown as lower-case hex digits: <c>FixedString</c> of twice their number.</summary>
internal sealed class HexColumn(string name, int bytes) : NativeColumn(name, $"FixedString({bytes * 2})")
{
    private readonly ArrayBufferWriter<byte> digits = new();
    private int count;

    public override int Rows => count;

    public void Add(ReadOnlySpan<byte> value)
    {
        Convert.TryToHexStringLower(value, digits.GetSpan(bytes * 2), out var written);
        digits.Advance(written);
        count++;
    }

    public override void WriteTo(IBufferWriter<byte> to) => to.Write(digits.WrittenSpan);

    public override void Clear()
    {
        digits.ResetWrittenCount();
        count = 0;
    }
}
