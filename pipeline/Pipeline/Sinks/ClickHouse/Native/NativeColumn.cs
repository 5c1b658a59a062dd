using System.Buffers;

namespace Streaming.Pipeline.Sinks.ClickHouse.Native;

/// <summary>One column of a block in ClickHouse's Native format: filled row by row, written as a whole, emptied and filled again.</summary>
/// <param name="name">Column name in the table.</param>
/// <param name="type">Type as the block declares it; ClickHouse converts it to the table's own.</param>
internal abstract class NativeColumn(string name, string type)
{
    public string Name { get; } = name;

    public string Type { get; } = type;

    /// <summary>Rows added since the last <see cref="Clear"/>.</summary>
    public abstract int Rows { get; }

    /// <summary>Writes the values of all rows.</summary>
    public abstract void WriteTo(IBufferWriter<byte> to);

    public abstract void Clear();
}
