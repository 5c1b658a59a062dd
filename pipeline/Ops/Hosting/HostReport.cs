using Streaming.ClickHouse.Sending;
using Streaming.Contract.Decoding;
using Streaming.Engine.Sources;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Kafka.Sending;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.Ops.Hosting;

/// <summary>Builds the status report from the parts of a host. Thread-safe.</summary>
public sealed class HostReport
{
    private readonly long startedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>What the host counts.</summary>
    public required HostStatus Status { get; init; }

    /// <summary>Where its commits and blocks wait.</summary>
    public required IOutbox Outbox { get; init; }

    /// <summary>Its sender of messages.</summary>
    public required KafkaSink Messages { get; init; }

    /// <summary>Its delivery to ClickHouse.</summary>
    public required ClickHouseDelivery ClickHouse { get; init; }

    /// <summary>Where Kafka is.</summary>
    public required string Bootstrap { get; init; }

    /// <summary>The status of its source.</summary>
    public required Func<SourceStatus> Source { get; init; }

    /// <summary>Number of the last durable commit.</summary>
    public required Func<long> Durable { get; init; }

    /// <summary>Members in memory, changed but not yet in a snapshot, and put aside.</summary>
    public required Func<(int Cached, int Dirty, int Aside)> Members { get; init; }

    /// <summary>Why no commit can be written at present, or null.</summary>
    public required Func<string?> CommitFailure { get; init; }

    /// <summary>What was refused for good. Must not wait for a store that is away.</summary>
    public required Func<long> Parked { get; init; }

    /// <summary>How the host is at this moment.</summary>
    public OpsStatus Report()
    {
        var (cached, dirty, aside) = Members();
        return new OpsStatus
        {
            StartedAt = startedAt,
            Applied = Status.Applied().ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
            Warned = Status.Warned(),
            Rejected = Status.Rejected().ToDictionary(pair => pair.Key.Name(), pair => pair.Value),
            Duplicates = Status.Duplicates,
            Wakes = Status.Wakes,
            Effects = Status.Effects,
            Cached = cached,
            Dirty = dirty,
            Aside = aside,
            Latency = Status.Latency.Counts(),
            Commit = Status.LastCommit.Number,
            CommitAt = Status.LastCommit.At,
            CommitFailure = CommitFailure(),
            Held = Status.Held,
            Recovering = Status.Recovering,
            Parked = Parked(),
            SpoolBytes = Outbox.SpoolBytes,
            Broker = Broker(Source()),
            ClickHouse = Delivery(),
        };
    }

    private BrokerStatus Broker(SourceStatus source) => new()
    {
        Bootstrap = Bootstrap,
        AwaySince = Earliest(source.AwaySince, Messages.FailingSince),
        LastError = PastError.Latest(source.Error, Messages.Error)?.Reason,
        Lag = source.Lag,
        Gone = source.Gone,
        Blocked = [.. source.Blocked.Select(b => b.At)],
        Unsent = Math.Max(0, Durable() - Messages.Sent),
        Delivered = Messages.Delivered,
        SendingFailsSince = Messages.FailingSince,
    };

    private ClickHouseStatus Delivery()
    {
        var state = ClickHouse.State;
        return new ClickHouseStatus
        {
            AwaySince = Earliest(ClickHouse.AwaySince, state.FailingSince ?? 0),
            LastError = state.LastError,
            Refused = ClickHouse.Refused,
            Migrated = ClickHouse.Migrated,
            Waiting = Outbox.BlocksWaiting,
            Rows = state.DeliveredRows,
            Blocks = state.DeliveredBlocks,
            LandedAt = state.LastSuccess,
            LandingDelay = state.LandingDelay,
        };
    }

    // 0 means "never": the earlier of those that happened.
    private static long Earliest(long one, long other) => one == 0 ? other : other == 0 ? one : Math.Min(one, other);
}
