namespace Streaming.ClickHouse.Native;

/// <summary>Texts of any length, each behind its length.</summary>
internal sealed class TextColumn(string name) : NativeColumn(name, "String")
{
    private readonly TextBuffer texts = new();
    private int count;

    public override int Rows => count;

    protected override int DataSize => texts.Written.Length;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        texts.Add(utf8);
        count++;
    }

    public override void Clear()
    {
        texts.Clear();
        count = 0;
    }

    protected override void WriteData(ref BlockWriter to) => to.Raw(texts.Written);
}

/// <summary>Bytes shown as lower-case hex digits: <c>FixedString</c> of twice their number.</summary>
internal sealed class HexColumn(string name, int bytes) : NativeColumn(name, $"FixedString({bytes * 2})")
{
    private readonly TextBuffer digits = new();
    private int count;

    public override int Rows => count;

    protected override int DataSize => digits.Written.Length;

    public void Add(ReadOnlySpan<byte> value)
    {
        Convert.TryToHexStringLower(value, digits.Take(bytes * 2), out _);
        count++;
    }

    public override void Clear()
    {
        digits.Clear();
        count = 0;
    }

    protected override void WriteData(ref BlockWriter to) => to.Raw(digits.Written);
}
