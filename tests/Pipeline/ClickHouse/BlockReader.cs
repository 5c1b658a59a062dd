using System.Buffers.Binary;
using System.Text;
using Streaming.Engine.Storing;

namespace Streaming.Pipeline.Tests.ClickHouse;

/// <summary>Reads back a block in ClickHouse's Native format: written independently of the block writer, to check it.</summary>
internal sealed class BlockReader
{
    private readonly byte[] bytes;
    private int at;

    public BlockReader(FormedBlock block)
    {
        bytes = block.Bytes;
        var columns = Number();
        Rows = Number();
        for (var i = 0; i < columns; i++)
        {
            var name = Text();
            Columns.Add(name, Values(Text()));
        }

        Assert.Equal(bytes.Length, at);
    }

    public int Rows { get; }

    public Dictionary<string, object[]> Columns { get; } = [];

    public T[] All<T>(string column) => [.. Columns[column].Cast<T>()];

    private object[] Values(string type)
    {
        if (type == "LowCardinality(String)") return Words();
        if (type == "Map(String, Float64)") return Maps();
        var values = new object[Rows];
        for (var i = 0; i < Rows; i++)
        {
            values[i] = type switch
            {
                "UInt8" => Take(1)[0],
                "Date" => BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
                "Int32" => BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
                "DateTime('UTC')" => BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
                "Int64" or "DateTime64(3, 'UTC')" => BinaryPrimitives.ReadInt64LittleEndian(Take(8)),
                "UInt64" => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
                "Float64" => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
                "Decimal(38, 4)" => BinaryPrimitives.ReadInt128LittleEndian(Take(16)),
                "FixedString(32)" => Encoding.ASCII.GetString(Take(32)),
                "String" => Text(),
                _ => throw new InvalidDataException(type),
            };
        }

        return values;
    }

    private object[] Words()
    {
        Assert.Equal(1ul, BinaryPrimitives.ReadUInt64LittleEndian(Take(8)));
        var flags = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        var words = new string[BinaryPrimitives.ReadUInt64LittleEndian(Take(8))];
        for (var i = 0; i < words.Length; i++) words[i] = Text();
        Assert.Equal((ulong)Rows, BinaryPrimitives.ReadUInt64LittleEndian(Take(8)));
        var values = new object[Rows];
        for (var i = 0; i < Rows; i++)
        {
            values[i] = words[(flags & 0xFF) switch
            {
                0 => Take(1)[0],
                1 => BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
                _ => BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
            }];
        }

        return values;
    }

    private object[] Maps()
    {
        var ends = new int[Rows];
        for (var i = 0; i < Rows; i++) ends[i] = (int)BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        var count = Rows == 0 ? 0 : ends[^1];
        var names = new string[count];
        for (var i = 0; i < count; i++) names[i] = Text();
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
        return [.. ends.Select((end, i) => (object)Enumerable.Range(i == 0 ? 0 : ends[i - 1], end - (i == 0 ? 0 : ends[i - 1]))
            .ToDictionary(k => names[k], k => values[k]))];
    }

    private string Text() => Encoding.UTF8.GetString(Take(Number()));

    private int Number()
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = Take(1)[0];
            value |= (b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        at += length;
        return bytes.AsSpan(at - length, length);
    }
}
