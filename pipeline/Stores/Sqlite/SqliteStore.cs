using System.Globalization;
using Microsoft.Data.Sqlite;
using Streaming.Engine.Storing;

namespace Streaming.Stores.Sqlite;

/// <summary>The store on SQLite: write-ahead log, synced at every commit; the bytes
/// of large commits and blocks in journals beside it.</summary>
/// <remarks>
/// One connection for commits, facts, outbox and parked items, under one lock; one per reader; one for checkpoints. The write-ahead log is
/// carried into the database by a background checkpoint, so that no commit waits for it unless the log outgrows its limit.
/// </remarks>
public sealed class SqliteStore : IStore
{
    private const string Select = "SELECT number, c.sequence, c.outputs, coalesce(j.file, 0), j.start, j.sequence, j.outputs, j.sum FROM " +
        "commits c LEFT JOIN journaled j USING (number) ";
    private readonly Lock writing = new();
    private readonly string source;
    private readonly SqliteConnection connection;
    private readonly Journal journal, blocks;
    private readonly CommitWriter writer;
    private readonly WalKeeper wal;
    private readonly BlockOutbox outbox;
    private readonly SpoolGauge spooled;

    private SqliteStore(string path, ParkedSettings parked)
    {
        // The timeout is in seconds: how long a statement waits for a lock of another program. The committer tries again after that and can
        // stop between tries.
        source = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString();
        connection = Open();
        try
        {
            Prepare(Version(path));
        }
        catch
        {
            connection.Dispose(); // rolls back the transaction
            throw;
        }

        Head = ReadHead();
        Facts = new Facts(connection, writing);
        var items = new ParkedItems(connection, writing, parked);
        Parked = items;
        journal = new Journal(Path.GetDirectoryName(path)!, "journal", Named("SELECT file, max(number) FROM journaled GROUP BY file"));
        blocks = new Journal(Path.GetDirectoryName(path)!, "blocks",
            Named("SELECT DISTINCT file, file FROM blocks WHERE file IS NOT NULL"));
        writer = new CommitWriter(connection, journal, blocks);
        outbox = new BlockOutbox(connection, blocks, writing, items);
        LastBlockNumbers = outbox.LastNumbers();
        spooled = new SpoolGauge(CommitSizes());
        wal = new WalKeeper(Open(), path + "-wal", writing, ClearJournals);
    }

    /// <inheritdoc/>
    public StoreHead Head { get; private set; }

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
    /// <param name="directory">The data directory.</param>
    /// <param name="parked">How much of what was refused for good is kept; null for the defaults.</param>
    /// <exception cref="StoreException">Damaged, of another version, or not accessible.</exception>
    public static SqliteStore Open(DataDirectory directory, ParkedSettings? parked = null)
    {
        try
        {
            return new SqliteStore(directory.File("state.db"), parked ?? new ParkedSettings());
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
        var bytes = record.Sequence.Length + record.Outputs.Length;
        var inLog = (bytes < Journal.Threshold ? bytes : 0) + SizeOf(record.Snapshots) +
            record.Blocks.Where(b => !CommitWriter.IsLarge(b)).Sum(b => (long)b.Bytes.Length);
        wal.Grew(inLog, Math.Max(inLog, bytes));
    }

    /// <inheritdoc/>
    public void WriteSnapshots(IReadOnlyList<SnapshotRow> snapshots, Progress progress)
    {
        StoreErrors.Guard(writing, () => writer.WriteSnapshots(snapshots, progress));
        spooled.Passed(progress);
        wal.Grew(SizeOf(snapshots), SizeOf(snapshots));
    }

    /// <inheritdoc/>
    public bool Skip(string topic, int partition, long from, long to) => StoreErrors.Guard(writing, () =>
    {
        using var move = new PreparedStatement(connection, "UPDATE positions SET next = ?4 WHERE topic = ?1 AND partition = ?2 " +
            "AND next = ?3 " +
            "RETURNING next");
        if (!move.Bind(1, topic).Bind(2, partition).Bind(3, from).Bind(4, to).Step()) return false;
        move.Run(); // to its end, where it is written
        return true;
    });

    /// <inheritdoc/>
    public void GiveUpMessages(params (string Name, string Value)[] facts)
    {
        StoreErrors.Guard(writing, () =>
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "UPDATE head SET sent = max(sent, number); DELETE FROM parked WHERE kind = $kind";
            command.Parameters.AddWithValue("$kind", ParkedItem.Message);
            command.ExecuteNonQuery();
            Sqlite.Facts.Write(connection, transaction, facts);
            transaction.Commit();
        });
        Head = ReadHead();
    }

    /// <inheritdoc/>
    public IMemberReader OpenReader() => new MemberReader(Open());

    /// <inheritdoc/>
    public IEnumerable<StoredCommit> CommitsAfter(long number)
    {
        using var reading = Open();
        using var commits = new PreparedStatement(reading, Select + "WHERE number > ?1 ORDER BY number");
        commits.Bind(1, number);
        while (commits.Step()) yield return Read(commits);
    }

    /// <inheritdoc/>
    public IEnumerable<StoredOutputs> OutputsAfter(long number)
    {
        using var reading = Open();
        using var commits = new PreparedStatement(reading, Select + "WHERE number > ?1 ORDER BY number");
        commits.Bind(1, number);
        while (commits.Step()) yield return new StoredOutputs(commits.Number(0), Read(commits).Outputs);
    }

    /// <inheritdoc/>
    public byte[]? Outputs(long number) => StoreErrors.Guard(writing, () =>
    {
        using var commit = new PreparedStatement(connection, Select + "WHERE number = ?1");
        return commit.Bind(1, number).Step() ? Read(commit).Outputs : null;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        wal.Dispose();
        writer.Dispose();
        journal.Dispose();
        blocks.Dispose();
        connection.Dispose();
    }

    // about what one snapshot adds to the write-ahead log
    private static long SizeOf(IReadOnlyList<SnapshotRow> snapshots) => snapshots.Count * 1024L;

    private void ClearJournals()
    {
        journal.Clear();
        blocks.Clear();
    }

    private StoredCommit Read(PreparedStatement commit)
    {
        if (commit.Number(3) == 0) return new StoredCommit(commit.Number(0), commit.Blob(1).ToArray(), commit.Blob(2).ToArray());
        var (sequence, outputs) = ((int)commit.Number(5), (int)commit.Number(6));
        var bytes = journal.Read(new JournalPlace(commit.Number(3), commit.Number(4), sequence + outputs, (uint)commit.Number(7)));
        return new StoredCommit(commit.Number(0), bytes[..sequence], bytes[sequence..]);
    }

    private List<(long File, long Mark)> Named(string sql)
    {
        using var files = new PreparedStatement(connection, sql);
        var named = new List<(long, long)>();
        while (files.Step()) named.Add((files.Number(0), files.Number(1)));
        return named;
    }

    private SqliteConnection Open()
    {
        var opened = new SqliteConnection(source);
        opened.Open();
        using var command = opened.CreateCommand();
        // secure_delete: deleted rows are overwritten, because commits hold what members wrote. mmap_size: mapped pages count as resident
        // memory for each connection; 256 MiB hold nearly 300,000 members and bound it for ten million.
        command.CommandText = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA " +
            "wal_autocheckpoint = 0; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456; PRAGMA " +
            "secure_delete = ON";
        command.ExecuteNonQuery();
        return opened;
    }

    private long Version(string path)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        return version <= Schema.Version
            ? version
            : throw new StoreException($"{path} has format {version}, this program reads {Schema.Version}: use the program that wrote " +
                $"it, or an empty data directory.", false);
    }

    /// <summary>Creates the tables or migrates those of an earlier version, in one transaction.</summary>
    private void Prepare(long version)
    {
        Run("BEGIN IMMEDIATE");
        if (version is 1 or 2) Run(Schema.FromBefore3);
        if (version is 1 or 2 or 3) Run(Schema.FromBefore4);
        Run(Schema.Create);
        Run("PRAGMA user_version = " + Schema.Version.ToString(CultureInfo.InvariantCulture));
        Run("COMMIT");
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
        command.CommandText = "SELECT number, length(c.sequence) + length(c.outputs) + coalesce(j.sequence + j.outputs, 0) FROM commits " +
            "c LEFT JOIN journaled j USING (number) ORDER BY number";
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
            while (rows.Read())
            {
                positions.Add(new PartitionPosition(rows.GetString(0), rows.GetInt32(1), rows.GetString(2), rows.GetInt64(3)));
            }
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
