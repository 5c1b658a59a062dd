namespace Streaming.Engine.Storing;

/// <summary>The durable state of one pipeline: commits, snapshots behind them, and what
/// waits to leave. No other code knows the tables.</summary>
/// <remarks>
/// <see cref="Commit"/> and <see cref="WriteSnapshots"/> are called by one thread; readers are opened per thread; the outboxes are
/// thread-safe.
/// </remarks>
public interface IStore : IOutbox, IDisposable
{
    /// <summary>What was there when it was opened, or when messages were given up since (<see cref="GiveUpMessages"/>).</summary>
    StoreHead Head { get; }

    /// <summary>Small named facts: generation, mode, rules in force.</summary>
    IFacts Facts { get; }

    long IOutbox.LastCommit => Head.Commit;

    Progress IOutbox.Progress => Head.Progress;

    /// <summary>Makes a commit durable (synced to disk) before it returns.</summary>
    /// <exception cref="StoreException">Nothing of it was written.</exception>
    void Commit(CommitRecord record);

    /// <summary>Writes snapshots that contain only durable commits, outside any commit (recovery, shutdown).</summary>
    void WriteSnapshots(IReadOnlyList<SnapshotRow> snapshots, Progress progress);

    /// <summary>Moves the position of a partition past records that cannot be read. False when the position is not <paramref name="from"/>.
    /// For a store that no program runs on.</summary>
    bool Skip(string topic, int partition, long from, long to);

    /// <summary>Gives up for good what the commits so far would still send to Kafka, and every message that was refused, and writes facts
    /// with it: all or nothing. Rows and blocks for ClickHouse stay. For a store nobody runs on.</summary>
    /// <exception cref="StoreException">Nothing of it was written.</exception>
    void GiveUpMessages(params (string Name, string Value)[] facts);

    /// <summary>Opens a reader for one thread.</summary>
    IMemberReader OpenReader();

    /// <summary>Durable commits after <paramref name="number"/>, in order, one at a time.</summary>
    IEnumerable<StoredCommit> CommitsAfter(long number);
}

/// <summary>Reads members for one thread.</summary>
public interface IMemberReader : IDisposable
{
    /// <summary>The member's newest snapshot; false when it has none.</summary>
    /// <param name="id">Member id, UTF-8.</param>
    /// <param name="snapshot">Bytes, valid until the next call; and the last commit they contain.</param>
    bool TryRead(ReadOnlySpan<byte> id, out StoredMember snapshot);

    /// <summary>Members whose stored wake is after (<paramref name="wake"/>, <paramref name="afterId"/>), earliest first.</summary>
    IReadOnlyList<StoredWake> WakesAfter(long wake, ReadOnlySpan<byte> afterId, long upTo, int most);

    /// <summary>Members that have a snapshot, in id order after <paramref name="afterId"/>.</summary>
    IReadOnlyList<byte[]> Ids(ReadOnlySpan<byte> afterId, int most);

    /// <summary>Looks at so many members in id order after <paramref name="afterId"/>,
    /// and gives those not settled under these rules.</summary>
    /// <param name="rules">Hash of the rules.</param>
    /// <param name="afterId">Where to begin; empty for the first.</param>
    /// <param name="look">Members looked at, settled or not: what bounds the time of a call.</param>
    /// <param name="last">The last one looked at; null when there are none after it.</param>
    IReadOnlyList<byte[]> NotSettledUnder(ulong rules, ReadOnlySpan<byte> afterId, int look, out byte[]? last);
}

/// <summary>A snapshot as stored.</summary>
public readonly ref struct StoredMember(ReadOnlySpan<byte> state, long commit, long wake)
{
    /// <summary>Snapshot bytes.</summary>
    public ReadOnlySpan<byte> State { get; } = state;

    /// <summary>The last commit they contain.</summary>
    public long Commit { get; } = commit;

    /// <summary>When its row asks for a look, at or before its due time; <see cref="long.MaxValue"/> for never.</summary>
    public long Wake { get; } = wake;
}

/// <summary>When a member's row says that the member must be looked at, epoch milliseconds.</summary>
public readonly record struct StoredWake(byte[] Id, long At);
