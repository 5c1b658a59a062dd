using Microsoft.Data.Sqlite;
using Streaming.ClickHouse.Native;
using Streaming.Engine.Storing;

namespace Streaming.Stores.Sqlite;

/// <summary>The blocks table behind <see cref="IBlockOutbox"/>, and the journal with the bytes of the large ones. Thread-safe.</summary>
internal sealed class BlockOutbox : IBlockOutbox
{
    private readonly SqliteConnection connection;
    private readonly Journal journal;
    private readonly Lock gate;
    private readonly ParkedItems parked;

    public BlockOutbox(SqliteConnection connection, Journal journal, Lock gate, ParkedItems parked)
    {
        this.parked = parked;
        this.connection = connection;
        this.journal = journal;
        this.gate = gate;
        RedriveParkedBlocks();
        Waiting = Measure();
    }

    /// <summary>How many blocks wait, and their bytes.</summary>
    public (long Count, long Bytes) Waiting { get; private set; }

    /// <summary>Told after the commit that stored these blocks. It reads nothing: the commit is durable, and must not fail any
    /// more.</summary>
    public void Formed(IReadOnlyList<FormedBlock> blocks)
    {
        lock (gate) Waiting = (Waiting.Count + blocks.Count, Waiting.Bytes + blocks.Sum(b => (long)b.Bytes.Length));
    }

    /// <summary>The newest number given per table.</summary>
    public IReadOnlyDictionary<string, long> LastNumbers() => StoreErrors.Guard(gate, () =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT target, number FROM block_numbers";
        using var rows = command.ExecuteReader();
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        while (rows.Read()) numbers[rows.GetString(0)] = rows.GetInt64(1);
        return numbers;
    });

    public IReadOnlyList<PendingBlock> Pending(string table, int most) => StoreErrors.Guard(gate, () =>
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT number, rows, coalesce(size, length(bytes)) FROM blocks WHERE target = $table ORDER BY number LIMIT $most";
        command.Parameters.AddWithValue("$table", table);
        command.Parameters.AddWithValue("$most", most);
        using var rows = command.ExecuteReader();
        var pending = new List<PendingBlock>();
        while (rows.Read()) pending.Add(new PendingBlock(table, rows.GetInt64(0), rows.GetInt32(1), rows.GetInt32(2)));
        return pending;
    });

    public byte[] Read(string table, long number) => StoreErrors.Guard(gate, () =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT bytes, file, start, size, sum FROM blocks WHERE target = $table AND number = $number";
        command.Parameters.AddWithValue("$table", table);
        command.Parameters.AddWithValue("$number", number);
        using var row = command.ExecuteReader();
        if (!row.Read()) throw new StoreException($"Block {number} of {table} is not in the outbox.", false);
        return row.IsDBNull(1) ? row.GetFieldValue<byte[]>(0) : journal.Read(new JournalPlace(row.GetInt64(1), row.GetInt64(2),
            row.GetInt32(3), (uint)row.GetInt64(4)));
    });

    public void Delivered(string table, long upTo) => StoreErrors.Guard(gate, () =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM blocks WHERE target = $table AND number <= $number";
        command.Parameters.AddWithValue("$table", table);
        command.Parameters.AddWithValue("$number", upTo);
        command.ExecuteNonQuery();
        Waiting = Measure();
    });

    public int Park(string table, long number, string reason) => StoreErrors.Guard(gate, () =>
    {
        var bytes = Read(table, number);
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
            INSERT INTO parked (kind, target, reason, bytes) VALUES ($kind, $table, $reason, $bytes);
            DELETE FROM blocks WHERE target = $table AND number = $number;
            """;
        command.Parameters.AddWithValue("$kind", ParkedItem.Block);
        command.Parameters.AddWithValue("$reason", reason);
        command.Parameters.AddWithValue("$bytes", bytes);
        command.Parameters.AddWithValue("$table", table);
        command.Parameters.AddWithValue("$number", number);
        command.ExecuteNonQuery();
        var forgotten = parked.MakeRoom(transaction);
        transaction.Commit();
        Waiting = Measure();
        return forgotten;
    });

    /// <summary>Parked blocks to be sent again get the next number of their table: with its old, lower number a block would be taken for
    /// one that has landed.</summary>
    private void RedriveParkedBlocks() => StoreErrors.Guard(gate, () =>
    {
        foreach (var (id, table, bytes) in ParkedToRedrive())
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO block_numbers (target, number) VALUES ($table, 1) ON CONFLICT (target) DO UPDATE SET " +
                "number = number + 1 RETURNING number";
            command.Parameters.AddWithValue("$table", table);
            var number = (long)command.ExecuteScalar()!;
            command.CommandText = "INSERT INTO blocks (target, number, rows, bytes) VALUES ($table, $number, $rows, $bytes); DELETE FROM " +
                "parked WHERE id = $id";
            command.Parameters.AddWithValue("$number", number);
            command.Parameters.AddWithValue("$rows", NativeBlock.Renumber(bytes, number));
            command.Parameters.AddWithValue("$bytes", bytes);
            command.Parameters.AddWithValue("$id", id);
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    });

    private List<(long Id, string Table, byte[] Bytes)> ParkedToRedrive()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, target, bytes FROM parked WHERE redrive = 1 AND kind = $kind ORDER BY id";
        command.Parameters.AddWithValue("$kind", ParkedItem.Block);
        using var rows = command.ExecuteReader();
        var blocks = new List<(long, string, byte[])>();
        while (rows.Read()) blocks.Add((rows.GetInt64(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2)));
        return blocks;
    }

    /// <summary>Counts the blocks that wait, and frees journal files that no block names.</summary>
    private (long Count, long Bytes) Measure()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), coalesce(sum(coalesce(size, length(bytes))), 0), coalesce(min(file), $none) FROM blocks";
        command.Parameters.AddWithValue("$none", long.MaxValue);
        using var row = command.ExecuteReader();
        row.Read();
        journal.Trim(row.GetInt64(2) - 1);
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
