using System.Globalization;
using Microsoft.Data.Sqlite;
using Streaming.Pipeline.Sinks.ClickHouse;

namespace Streaming.Pipeline.Store;

/// <summary>The store on SQLite: write-ahead log, synced at every commit.</summary>
/// <remarks>
/// One writer connection for commits; one for the slow extras (facts, outbox, parked); one per reader. The write-ahead log is carried into
/// the database by a background checkpoint, so that no commit waits for it unless the log outgrows its limit.
/// </remarks>
public sealed class SqliteStore : IStore
{
    private readonly Lock writing = new();
    private readonly string source;
    private readonly SqliteConnection connection;
    private readonly CommitWriter writer;
    private readonly WalKeeper wal;
    private readonly BlockOutbox outbox;
    private readonly SpoolGauge spooled;

    private SqliteStore(string path)
    {
        source = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString();
        connection = Open();
        CheckVersion(path);
        Run(Schema.Create);
        Run("PRAGMA user_version = " + Schema.Version.ToString(CultureInfo.InvariantCulture));
        Head = ReadHead();
        Facts = new Facts(connection, writing);
        Parked = new ParkedItems(connection, writing);
        writer = new CommitWriter(connection);
        outbox = new BlockOutbox(connection, writing);
        LastBlockNumbers = outbox.LastNumbers();
        spooled = new SpoolGauge(CommitSizes());
        wal = new WalKeeper(Open(), path + "-wal");
    }

    /// <inheritdoc/>
    public StoreHead Head { get; }

    /// <inheritdoc/>
    public IBlockOutbox Blocks => outbox;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> LastBlockNumbers { get; }

    /// <inheritdoc/>
    public IParkedItems Parked { get; }

    /// <inheritdoc/>
    public IFacts Facts { get; }

    /// <inheritdoc/>
    public long BlocksWaiting => outbox.Waiting.Count;

    /// <inheritdoc/>
    public long SpoolBytes => spooled.Bytes + outbox.Waiting.Bytes;

    /// <summary>Opens or creates the store in a data directory.</summary>
    /// <exception cref="StoreException">Damaged, of another version, or not accessible.</exception>
    public static SqliteStore Open(DataDirectory directory)
    {
        try
        {
            return new SqliteStore(directory.File("state.db"));
        }
        catch (SqliteException e)
        {
            throw StoreErrors.Of(e);
        }
    }

    /// <inheritdoc/>
    public void Commit(CommitRecord record)
    {
        StoreErrors.Guard(writing, () => writer.Write(record));
        outbox.Formed(record.Blocks);
        spooled.Committed(record.Number, record.Sequence.Length + record.Outputs.Length, record.Progress);
        wal.Grew(record.Sequence.Length + record.Outputs.Length + (record.Snapshots.Count * 1024L));
    }

    /// <inheritdoc/>
    public void WriteSnapshots(IReadOnlyList<SnapshotRow> snapshots, Progress progress)
    {
        StoreErrors.Guard(writing, () => writer.WriteSnapshots(snapshots, progress));
        spooled.Passed(progress);
    }

    /// <inheritdoc/>
    public IMemberReader OpenReader() => new MemberReader(Open());

    /// <inheritdoc/>
    public IEnumerable<StoredCommit> CommitsAfter(long number)
    {
        using var reading = Open();
        using var command = reading.CreateCommand();
        command.CommandText = "SELECT number, sequence, outputs FROM commits WHERE number > $number ORDER BY number";
        command.Parameters.AddWithValue("$number", number);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return new StoredCommit(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
    }

    /// <inheritdoc/>
    public IEnumerable<StoredOutputs> OutputsAfter(long number)
    {
        using var reading = Open();
        using var command = reading.CreateCommand();
        command.CommandText = "SELECT number, outputs FROM commits WHERE number > $number ORDER BY number";
        command.Parameters.AddWithValue("$number", number);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return new StoredOutputs(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
    }

    /// <inheritdoc/>
    public byte[]? Outputs(long number) => StoreErrors.Guard(writing, () =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT outputs FROM commits WHERE number = $number";
        command.Parameters.AddWithValue("$number", number);
        return command.ExecuteScalar() as byte[];
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        wal.Dispose();
        writer.Dispose();
        connection.Dispose();
    }

    private SqliteConnection Open()
    {
        var opened = new SqliteConnection(source);
        opened.Open();
        using var command = opened.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 1073741824";
        command.ExecuteNonQuery();
        return opened;
    }

    private void CheckVersion(string path)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version is not 0 and not Schema.Version)
        {
            throw new StoreException($"{path} has format {version}, this program reads {Schema.Version}: use the program that wrote it, or an empty data directory.", false);
        }
    }

    private void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private List<(long Number, long Bytes)> CommitSizes()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT number, length(sequence) + length(outputs) FROM commits ORDER BY number";
        using var rows = command.ExecuteReader();
        var sizes = new List<(long, long)>();
        while (rows.Read()) sizes.Add((rows.GetInt64(0), rows.GetInt64(1)));
        return sizes;
    }

    private StoreHead ReadHead()
    {
        var positions = new List<PartitionPosition>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT topic, partition, topic_id, next FROM positions";
            using var rows = command.ExecuteReader();
            while (rows.Read()) positions.Add(new PartitionPosition(rows.GetString(0), rows.GetInt32(1), rows.GetString(2), rows.GetInt64(3)));
        }

        using var read = connection.CreateCommand();
        read.CommandText = "SELECT number, now, settled, sent, formed FROM head";
        using var head = read.ExecuteReader();
        head.Read();
        return new StoreHead
        {
            Commit = head.GetInt64(0),
            Now = head.GetInt64(1),
            Progress = new Progress(head.GetInt64(2), head.GetInt64(3), head.GetInt64(4)),
            Positions = positions,
        };
    }
}
