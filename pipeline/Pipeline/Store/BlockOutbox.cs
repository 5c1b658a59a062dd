using Microsoft.Data.Sqlite;
using Streaming.Pipeline.Sinks.ClickHouse;

namespace Streaming.Pipeline.Store;

/// <summary>The blocks table behind <see cref="IBlockOutbox"/>. Thread-safe.</summary>
internal sealed class BlockOutbox : IBlockOutbox
{
    private readonly SqliteConnection connection;
    private readonly Lock gate;
    private readonly ParkedItems parked;

    public BlockOutbox(SqliteConnection connection, Lock gate, ParkedItems parked)
    {
        this.connection = connection;
        this.gate = gate;
        this.parked = parked;
        Waiting = Measure();
    }

    /// <summary>How many blocks wait, and their bytes.</summary>
    public (long Count, long Bytes) Waiting { get; private set; }

    /// <summary>Told after the commit that stored these blocks.</summary>
    public void Formed(IReadOnlyList<FormedBlock> blocks)
    {
        if (blocks.Count == 0) return;
        lock (gate) Waiting = Measure();
    }

    /// <summary>The newest number given per table.</summary>
    public IReadOnlyDictionary<string, long> LastNumbers()
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT target, number FROM block_numbers";
            using var rows = command.ExecuteReader();
            var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
            while (rows.Read()) numbers[rows.GetString(0)] = rows.GetInt64(1);
            return numbers;
        }
    }

    public IReadOnlyList<PendingBlock> Pending(string table, int most)
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT number, rows, length(bytes) FROM blocks WHERE target = $table ORDER BY number LIMIT $most";
            command.Parameters.AddWithValue("$table", table);
            command.Parameters.AddWithValue("$most", most);
            using var rows = command.ExecuteReader();
            var pending = new List<PendingBlock>();
            while (rows.Read()) pending.Add(new PendingBlock(table, rows.GetInt64(0), rows.GetInt32(1), rows.GetInt32(2)));
            return pending;
        }
    }

    public byte[] Read(string table, long number)
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT bytes FROM blocks WHERE target = $table AND number = $number";
            command.Parameters.AddWithValue("$table", table);
            command.Parameters.AddWithValue("$number", number);
            return command.ExecuteScalar() as byte[] ?? throw new StoreException($"Block {number} of {table} is not in the outbox.", false);
        }
    }

    public void Delivered(string table, long upTo)
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM blocks WHERE target = $table AND number <= $number";
            command.Parameters.AddWithValue("$table", table);
            command.Parameters.AddWithValue("$number", upTo);
            command.ExecuteNonQuery();
            Waiting = Measure();
        }
    }

    public void Park(string table, long number, string reason)
    {
        lock (gate)
        {
            parked.Add(ParkedItems.Block, table, reason, Read(table, number));
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM blocks WHERE target = $table AND number = $number";
            command.Parameters.AddWithValue("$table", table);
            command.Parameters.AddWithValue("$number", number);
            command.ExecuteNonQuery();
            Waiting = Measure();
        }
    }

    private (long Count, long Bytes) Measure()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM blocks";
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
