using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Pipeline.Effects;

namespace Streaming.Pipeline.Sinks.ClickHouse.Native;

/// <summary>One block in ClickHouse's Native format. Every block begins with <c>seq</c> and <c>inserted</c>, so both can be found again in its bytes.</summary>
internal static class NativeBlock
{
    /// <summary>What is the same in every row of a block.</summary>
    /// <param name="Number">The block's number, <c>seq</c>.</param>
    /// <param name="FormedAt">When it was formed, epoch milliseconds, <c>inserted</c>: one value, hence one partition.</param>
    /// <param name="Writer">Who formed it.</param>
    public readonly record struct Stamp(long Number, long FormedAt, WriterIdentity Writer);

    // a block is put together here and then copied once to its size: growing by doubling would allocate and clear three times as much
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    /// <summary>Writes a block of these columns, each with the same number of rows.</summary>
    public static byte[] Write(in Stamp stamp, IReadOnlyList<NativeColumn> columns)
    {
        var rows = columns[0].Rows;
        var to = scratch ??= new ArrayBufferWriter<byte>(4096);
        to.ResetWrittenCount();
        to.Unsigned((ulong)columns.Count + 4);
        to.Unsigned((ulong)rows);
        Repeat(to, "seq", "UInt64", (ulong)stamp.Number, rows);
        Repeat(to, "inserted", "DateTime64(3, 'UTC')", (ulong)stamp.FormedAt, rows);
        Repeat(to, "generation", "UInt64", stamp.Writer.Generation, rows);
        var writer = new WordColumn("writer");
        writer.Add(stamp.Writer.Writer, rows);
        Column(to, writer, rows);
        foreach (var column in columns) Column(to, column, rows);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>Gives a block another number, in place: for one that was parked and joins the end of the line.</summary>
    /// <returns>Its rows.</returns>
    public static int Renumber(Span<byte> block, long number)
    {
        var at = FirstColumn(block, out var rows);
        for (var i = 0; i < rows; i++) BinaryPrimitives.WriteInt64LittleEndian(block[(at + (i * 8))..], number);
        return rows;
    }

    /// <summary>When the block was formed, epoch milliseconds.</summary>
    public static long FormedAt(ReadOnlySpan<byte> block)
    {
        var at = FirstColumn(block, out var rows) + (rows * 8);
        at = Skip(block, Skip(block, at));
        return BinaryPrimitives.ReadInt64LittleEndian(block[at..]);
    }

    private static void Column(ArrayBufferWriter<byte> to, NativeColumn column, int rows)
    {
        if (column.Rows != rows) throw new InvalidOperationException($"Column {column.Name} has {column.Rows} rows of {rows}.");
        to.Utf8(column.Name);
        to.Utf8(column.Type);
        column.WriteTo(to);
    }

    private static void Repeat(ArrayBufferWriter<byte> to, string name, string type, ulong value, int rows)
    {
        to.Utf8(name);
        to.Utf8(type);
        var span = MemoryMarshal.Cast<byte, ulong>(to.GetSpan(rows * 8)[..(rows * 8)]);
        span.Fill(BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));
        to.Advance(rows * 8);
    }

    private static int FirstColumn(ReadOnlySpan<byte> block, out int rows)
    {
        var reader = new RowChunkReader(block);
        reader.Unsigned();
        rows = (int)reader.Unsigned();
        if (Encoding.UTF8.GetString(reader.Bytes()) != "seq" || reader.Bytes().Length == 0) throw RowChunkReader.Damaged("a block does not begin with seq");
        return reader.Position;
    }

    private static int Skip(ReadOnlySpan<byte> block, int at)
    {
        var reader = new RowChunkReader(block[at..]);
        reader.Bytes();
        return at + reader.Position;
    }
}
