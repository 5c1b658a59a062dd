namespace Streaming.Engine.Status;

/// <summary>How a host is at one moment, for the ops API, metrics and health rows: totals since its start and what it waits for. Times are
/// epoch milliseconds.</summary>
public sealed record OpsStatus
{
    /// <summary>When the host was started.</summary>
    public required long StartedAt { get; init; }

    /// <summary>Events applied since the start, by kind.</summary>
    public IReadOnlyDictionary<string, long> Applied { get; init; } = new Dictionary<string, long>();

    /// <summary>Records rejected since the start, by reason.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    /// <summary>Events applied since the start of which invalid facts were left out, by warning.</summary>
    public IReadOnlyDictionary<string, long> Warned { get; init; } = new Dictionary<string, long>();

    /// <summary>Events seen before, which changed nothing, since the start.</summary>
    public long Duplicates { get; init; }

    /// <summary>Wakes that acted since the start.</summary>
    public long Wakes { get; init; }

    /// <summary>Effects since the start.</summary>
    public long Effects { get; init; }

    /// <summary>Members in memory.</summary>
    public int Cached { get; init; }

    /// <summary>Members whose snapshot is not yet written.</summary>
    public int Dirty { get; init; }

    /// <summary>Members whose wake or settling the program failed on, put aside until the next start or other rules.</summary>
    public int Aside { get; init; }

    /// <summary>From a record's timestamp to its durable commit, since the start: counts by bucket of
    /// <see cref="LatencyHistogram"/>.</summary>
    public IReadOnlyList<long> Latency { get; init; } = [];

    /// <summary>Number of the newest durable commit.</summary>
    public long Commit { get; init; }

    /// <summary>When it was made; 0 before the first.</summary>
    public long CommitAt { get; init; }

    /// <summary>Why no commit can be written at present, or null.</summary>
    public string? CommitFailure { get; init; }

    /// <summary>Why intake is held back at present, or null.</summary>
    public string? Held { get; init; }

    /// <summary>True while commits made before the start are applied again.</summary>
    public bool Recovering { get; init; }

    /// <summary>What was refused for good and waits for an operator.</summary>
    public long Parked { get; init; }

    /// <summary>Bytes on disk that wait for Kafka, ClickHouse or snapshots.</summary>
    public long SpoolBytes { get; init; }

    /// <summary>The input side.</summary>
    public BrokerStatus Broker { get; init; } = new();

    /// <summary>The ClickHouse side.</summary>
    public ClickHouseStatus ClickHouse { get; init; } = new();
}

/// <summary>The state of the broker as the reader and the sender see it.</summary>
public sealed record BrokerStatus
{
    /// <summary>Where it is: <c>host:port</c>, several with commas.</summary>
    public string Bootstrap { get; init; } = "";

    /// <summary>Since when it cannot be reached; 0 while it can.</summary>
    public long AwaySince { get; init; }

    /// <summary>The last error; kept after it has passed.</summary>
    public string? LastError { get; init; }

    /// <summary>Records waiting to be read, all partitions together; −1 while unknown.</summary>
    public long Lag { get; init; } = -1;

    /// <summary>Partitions that cannot be read on before an operator acts, as <c>topic/partition@offset</c>.</summary>
    public IReadOnlyList<string> Blocked { get; init; } = [];

    /// <summary>Records that were gone before they were read, since the start.</summary>
    public long Gone { get; init; }

    /// <summary>Durable commits whose messages are not yet acknowledged.</summary>
    public long Unsent { get; init; }

    /// <summary>Messages acknowledged since the start.</summary>
    public long Delivered { get; init; }

    /// <summary>Since when no message can be sent; 0 while messages are acknowledged or none waits.</summary>
    public long SendingFailsSince { get; init; }
}

/// <summary>How delivery to ClickHouse is.</summary>
public sealed record ClickHouseStatus
{
    /// <summary>Since when nothing can be delivered; 0 while all is well.</summary>
    public long AwaySince { get; init; }

    /// <summary>The last error; kept after it has passed.</summary>
    public string? LastError { get; init; }

    /// <summary>Why nothing can be delivered before an operator acts, or null.</summary>
    public string? Refused { get; init; }

    /// <summary>True once its tables are as this program needs them.</summary>
    public bool Migrated { get; init; }

    /// <summary>Blocks waiting on disk.</summary>
    public long Waiting { get; init; }

    /// <summary>Rows landed since the start.</summary>
    public long Rows { get; init; }

    /// <summary>Blocks landed since the start. A change means that queries may answer differently.</summary>
    public long Blocks { get; init; }

    /// <summary>When a block last landed; 0 before the first.</summary>
    public long LandedAt { get; init; }

    /// <summary>Milliseconds from forming the last block that landed to its landing.</summary>
    public long LandingDelay { get; init; }
}
