using Streaming.ClickHouse.Native;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Tables;

/// <summary>The rows of one table that wait to become its next block.</summary>
internal abstract class TableBuffer(string name)
{
    /// <summary>Table name without database.</summary>
    public string Name { get; } = name;

    /// <summary>Rows that wait.</summary>
    public abstract int Rows { get; }

    /// <summary>About how many bytes they will take in a block.</summary>
    public abstract int Bytes { get; }

    /// <summary>Forms the rows into a block and empties the buffer; null when nothing is left after adding up.</summary>
    public abstract FormedBlock? Form(in NativeBlock.Stamp stamp);

    /// <summary>Writes columns that were filled and empties them.</summary>
    protected FormedBlock? Form(in NativeBlock.Stamp stamp, NativeColumn[] columns)
    {
        var rows = columns[0].Rows;
        if (rows == 0) return null;
        var block = new FormedBlock(Name, stamp.Number, rows, NativeBlock.Write(stamp, columns));
        foreach (var column in columns) column.Clear();
        return block;
    }
}
