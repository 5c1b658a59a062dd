using Streaming.ClickHouse.Native;
using Streaming.ClickHouse.Tables;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Sending;

/// <summary>Adds up the rows of durable commits and forms them into numbered blocks, each
/// formed once and never changed, split or merged again.</summary>
/// <remarks>
/// Memory is bounded by the settings plus one chunk, as long as the caller forms whenever <see cref="Due"/> says so.
/// A chunk must be given only after its commit is durable. Blocks and <see cref="FormedUpTo"/> must become durable together; what was not
/// is formed again after a restart from the same chunks, under the same numbers. One thread at a time.
/// </remarks>
public sealed class BlockBuilder
{
    private readonly EngagementTables tables = new();
    private readonly Dictionary<string, long> numbers;
    private readonly WriterIdentity writer;
    private readonly BlockSettings settings;
    private long added, firstRowAt = long.MaxValue;

    /// <summary>A builder that goes on after the last numbers used.</summary>
    /// <param name="writer">The writer in whose name blocks are numbered.</param>
    /// <param name="settings">When blocks are due.</param>
    /// <param name="lastNumbers">The last number used per table; a table not named begins at 1.</param>
    /// <param name="formedUpTo">The last commit whose rows are in a block.</param>
    public BlockBuilder(WriterIdentity writer, BlockSettings settings, IReadOnlyDictionary<string, long> lastNumbers, long formedUpTo = 0)
    {
        this.writer = writer;
        this.settings = settings;
        numbers = new Dictionary<string, long>(lastNumbers, StringComparer.Ordinal);
        FormedUpTo = added = formedUpTo;
    }

    /// <summary>Every table blocks are formed for: the tables that a sender sends to.</summary>
    public static IReadOnlyList<string> TableNames => EngagementTables.Names;

    /// <summary>The last commit whose rows are all in formed blocks.</summary>
    public long FormedUpTo { get; private set; }

    /// <summary>Rows and about how many bytes wait to be formed.</summary>
    public (int Rows, int Bytes) Pending => (tables.All.Sum(t => t.Rows), tables.All.Sum(t => t.Bytes));

    /// <summary>Adds the rows of a durable commit, or of a chunk that belongs to none
    /// (health): then with the last commit's number.</summary>
    /// <exception cref="InvalidDataException">The chunk is damaged or of a newer version; the builder must not be used again.</exception>
    public void Add(ReadOnlySpan<byte> chunk, long commit)
    {
        if (chunk.Length > 0) tables.Add(chunk);
        added = Math.Max(added, commit);
    }

    /// <summary>Whether blocks should be formed now. The age of waiting rows counts from the first call that sees them.</summary>
    /// <param name="nowMs">Epoch milliseconds.</param>
    public bool Due(long nowMs)
    {
        var rows = 0;
        foreach (var table in tables.All)
        {
            if (table.Rows >= settings.MaxRows || table.Bytes >= settings.MaxBytes) return true;
            rows += table.Rows;
        }

        if (rows == 0) return false;
        firstRowAt = Math.Min(firstRowAt, nowMs);
        return nowMs - firstRowAt >= settings.MaxAge.TotalMilliseconds;
    }

    /// <summary>Forms everything that waits: one block for each table that has rows.</summary>
    /// <param name="nowMs">Epoch milliseconds; becomes <c>inserted</c>, by which ClickHouse partitions and expires.</param>
    public IReadOnlyList<FormedBlock> Form(long nowMs)
    {
        var blocks = new List<FormedBlock>();
        foreach (var table in tables.All)
        {
            if (table.Rows == 0) continue;
            var number = numbers.GetValueOrDefault(table.Name) + 1;
            if (table.Form(new NativeBlock.Stamp(number, nowMs, writer)) is not { } block) continue;
            numbers[table.Name] = number;
            blocks.Add(block);
        }

        firstRowAt = long.MaxValue;
        FormedUpTo = added;
        return blocks;
    }
}
