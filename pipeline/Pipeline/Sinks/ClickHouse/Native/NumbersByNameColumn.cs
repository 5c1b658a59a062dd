using System.Buffers;

namespace Streaming.Pipeline.Sinks.ClickHouse.Native;

/// <summary>A few named numbers per row: <c>Map(String, Float64)</c>, written as where each row's entries end, all names, all numbers.</summary>
internal sealed class NumbersByNameColumn(string name) : NativeColumn(name, "Map(String, Float64)")
{
    private readonly NumberColumn<ulong> ends = Columns.UInt64("");
    private readonly TextBuffer names = new();
    private readonly NumberColumn<double> values = Columns.Float64("");

    public override int Rows => ends.Rows;

    /// <summary>One entry of the row that is being added.</summary>
    public void Entry(ReadOnlySpan<byte> entry, double value)
    {
        names.Add(entry);
        values.Add(value);
    }

    /// <summary>The row is complete.</summary>
    public void EndRow() => ends.Add((ulong)values.Rows);

    public override void WriteTo(IBufferWriter<byte> to)
    {
        ends.WriteTo(to);
        to.Write(names.Written);
        values.WriteTo(to);
    }

    public override void Clear()
    {
        ends.Clear();
        names.Clear();
        values.Clear();
    }
}
