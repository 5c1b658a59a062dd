using System.Runtime.InteropServices;

namespace Streaming.ClickHouse.Native;

/// <summary>A few named numbers per row: <c>Map(String, Float64)</c>, written as the end index of each row, then all names, then all
/// numbers.</summary>
internal sealed class NumbersByNameColumn(string name) : NativeColumn(name, "Map(String, Float64)")
{
    private readonly TextBuffer names = new();
    private ulong[] ends = new ulong[64];
    private double[] values = new double[128];
    private int rows, entries;

    public override int Rows => rows;

    protected override int DataSize => (rows * sizeof(ulong)) + names.Written.Length + (entries * sizeof(double));

    /// <summary>One entry of the row that is being added.</summary>
    public void Entry(ReadOnlySpan<byte> entry, double value)
    {
        names.Add(entry);
        if (entries == values.Length) Array.Resize(ref values, entries * 2);
        values[entries++] = value;
    }

    /// <summary>The row is complete.</summary>
    public void EndRow()
    {
        if (rows == ends.Length) Array.Resize(ref ends, rows * 2);
        ends[rows++] = (ulong)entries;
    }

    public override void Clear()
    {
        names.Clear();
        rows = entries = 0;
    }

    protected override void WriteData(ref BlockWriter to)
    {
        to.Raw(MemoryMarshal.AsBytes(ends.AsSpan(0, rows)));
        to.Raw(names.Written);
        to.Raw(MemoryMarshal.AsBytes(values.AsSpan(0, entries)));
    }
}
