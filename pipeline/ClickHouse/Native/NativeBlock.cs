using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Native;

/// <summary>One block in ClickHouse's Native format. Every block begins with <c>seq</c> and
/// <c>inserted</c>, so both can be found again in its bytes.</summary>
public static class NativeBlock
{
    /// <summary>What is the same in every row of a block.</summary>
    /// <param name="Number">The block's number, <c>seq</c>.</param>
    /// <param name="FormedAt">When it was formed, epoch milliseconds, <c>inserted</c>: one value, hence one partition.</param>
    /// <param name="Writer">Who formed it.</param>
    public readonly record struct Stamp(long Number, long FormedAt, WriterIdentity Writer);

    private static readonly Repeated Number =
        new("seq", "UInt64"), Formed = new("inserted", "DateTime64(3, 'UTC')"), Generation = new("generation", "UInt64");

    /// <summary>Writes a block of these columns, each with the same number of rows.</summary>
    public static byte[] Write(in Stamp stamp, IReadOnlyList<NativeColumn> columns)
    {
        var rows = columns[0].Rows;
        var writer = new LowCardinalityColumn("writer");
        writer.Add(stamp.Writer.Writer, rows);
        var size = BlockWriter.SizeOf((ulong)columns.Count + 4) + BlockWriter.SizeOf((ulong)rows) + Number.Size(rows) + Formed.Size(rows) +
            Generation.Size(rows) + writer.Size;
        foreach (var column in columns)
        {
            if (column.Rows != rows) throw new InvalidOperationException($"Column {column.Name} has {column.Rows} rows of {rows}.");
            size += column.Size;
        }

        var block = GC.AllocateUninitializedArray<byte>(size);
        var to = new BlockWriter(block);
        to.Unsigned((ulong)columns.Count + 4);
        to.Unsigned((ulong)rows);
        Number.WriteTo(ref to, (ulong)stamp.Number, rows);
        Formed.WriteTo(ref to, (ulong)stamp.FormedAt, rows);
        Generation.WriteTo(ref to, stamp.Writer.Generation, rows);
        writer.WriteTo(ref to);
        foreach (var column in columns) column.WriteTo(ref to);
        return to.Position == size ? block : throw new InvalidOperationException($"A block was calculated at {size} bytes and has " +
            $"{to.Position}.");
    }

    /// <summary>A block that is sent again under a new number, which is also written into its bytes, in place.</summary>
    public static FormedBlock Again(string table, long number, byte[] bytes) => new(table, number, Renumber(bytes, number), bytes);

    /// <summary>Gives a block another number, in place: for a parked block that is sent again as the newest of its table.</summary>
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

    private static int FirstColumn(ReadOnlySpan<byte> block, out int rows)
    {
        var reader = new RowChunkReader(block);
        reader.Unsigned();
        rows = (int)reader.Unsigned();
        if (Encoding.UTF8.GetString(reader.Bytes()) != "seq" || reader.Bytes().Length == 0)
        {
            throw RowChunkReader.Damaged("a block does not begin with seq");
        }
        return reader.Position;
    }

    private static int Skip(ReadOnlySpan<byte> block, int at)
    {
        var reader = new RowChunkReader(block[at..]);
        reader.Bytes();
        return at + reader.Position;
    }

    /// <summary>A column with one number in all rows.</summary>
    private sealed class Repeated(string name, string type)
    {
        private readonly byte[] head =
            [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)type.Length, .. Encoding.ASCII.GetBytes(type)];

        public int Size(int rows) => head.Length + (rows * sizeof(ulong));

        public void WriteTo(ref BlockWriter to, ulong value, int rows)
        {
            to.Raw(head);
            MemoryMarshal.Cast<byte, ulong>(to.Take(rows * sizeof(ulong)))
                .Fill(BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));
        }
    }
}
