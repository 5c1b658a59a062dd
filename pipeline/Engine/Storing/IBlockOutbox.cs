namespace Streaming.Engine.Storing;

/// <summary>The committed blocks waiting for ClickHouse. The store implements it; the sender alone calls it.</summary>
/// <remarks>A block is here only once the commits it was formed from are durable, and its bytes never change.</remarks>
public interface IBlockOutbox
{
    /// <summary>The oldest blocks of a table not yet delivered, in order of their numbers.</summary>
    IReadOnlyList<PendingBlock> Pending(string table, int most);

    /// <summary>The bytes of one block (ClickHouse Native format).</summary>
    byte[] Read(string table, long number);

    /// <summary>Every block of the table up to this number has landed: they are dropped.</summary>
    void Delivered(string table, long upTo);

    /// <summary>Takes a block out of the line because ClickHouse refuses it for good;
    /// kept until an operator redrives or drops it.</summary>
    /// <returns>How many of the oldest parked items were forgotten to make room for it.</returns>
    int Park(string table, long number, string reason);
}

/// <summary>A block that waits.</summary>
/// <param name="Table">Table name without database.</param>
/// <param name="Number">Its number for this writer and table, from 1 without gaps; every row carries it as <c>seq</c>.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Bytes">Size.</param>
public readonly record struct PendingBlock(string Table, long Number, int Rows, int Bytes);

/// <summary>A block as formed: handed to the store in the same transaction as a commit.</summary>
public sealed record FormedBlock(string Table, long Number, int Rows, byte[] Bytes);
