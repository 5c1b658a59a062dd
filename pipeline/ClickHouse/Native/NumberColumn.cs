using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Streaming.ClickHouse.Native;

/// <summary>Values of a fixed size, one after another in little-endian order: integers, floats, decimals, times.</summary>
internal sealed class NumberColumn<T>(string name, string type) : NativeColumn(name, type)
    where T : unmanaged
{
    private T[] values = new T[64];
    private int count;

    public override int Rows => count;

    protected override int DataSize => count * Unsafe.SizeOf<T>();

    public void Add(T value)
    {
        if (count == values.Length) Array.Resize(ref values, count * 2);
        values[count++] = value;
    }

    public override void Clear() => count = 0;

    protected override void WriteData(ref BlockWriter to) => to.Raw(MemoryMarshal.AsBytes(values.AsSpan(0, count)));
}

/// <summary>Columns by the names of their ClickHouse types. Times are UTC; DateTime in
/// seconds, DateTime64(3) in milliseconds, Date in days.</summary>
internal static class Columns
{
    public static NumberColumn<byte> UInt8(string name) => new(name, "UInt8");

    public static NumberColumn<int> Int32(string name) => new(name, "Int32");

    public static NumberColumn<long> Int64(string name) => new(name, "Int64");

    public static NumberColumn<ulong> UInt64(string name) => new(name, "UInt64");

    public static NumberColumn<double> Float64(string name) => new(name, "Float64");

    /// <summary>Ten-thousandths; wide enough for any sum.</summary>
    public static NumberColumn<Int128> Money(string name) => new(name, "Decimal(38, 4)");

    public static NumberColumn<uint> DateTime(string name) => new(name, "DateTime('UTC')");

    public static NumberColumn<long> DateTime64(string name) => new(name, "DateTime64(3, 'UTC')");

    public static NumberColumn<ushort> Date(string name) => new(name, "Date");
}
